"""Many files read in one fenced process: `python -m tests.bot.papers.many`.

A file on standard input; on standard output what the child answers first of each of its truncations, a line each.
"""

import os
import sys

from bot.papers import child, fence


def main() -> None:
    """Every hundredth of the file."""
    data = sys.stdin.buffer.read()
    child.prepare()
    fence.put_up()
    answers = [child.replied(data[: len(data) * percent // 100], "document", "")[0] for percent in range(100)]
    sys.stdout.buffer.writelines(answers)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
