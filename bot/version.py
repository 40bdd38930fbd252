"""Which Parley this is.

Floor 5. The audit, the doctor and the app package read it here; `pyproject.toml` says the same, because tools read that.
"""

VERSION = "0.1.0"
"""Three whole numbers with dots between. Teams takes an app package as an update only where it is higher than before."""
