"""Everything an attacker may try: each module offers `run(report)`, and `make attacks` prints what was let through."""
