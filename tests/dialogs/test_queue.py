"""What is said while a message waits."""

import pytest

from dialogs.queue import KEPT, queued
from tests.dialogs.desk import English


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (0, "Nobody of your company waits before it."),
        (1, "1 other message of your company waits before it."),
        (3, "3 other messages of your company wait before it."),
    ],
)
def test_a_message_that_waits_is_told_how_many_wait_before_it(before: int, told: str) -> None:
    assert queued(English(), before) == f"{KEPT} {told}"
