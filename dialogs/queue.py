"""What is said while a message waits because every model has too much to do.

Floor 2. What it says is what is known: the message is kept, it is asked again without anybody's help, and so many of the
same company came before it.
"""

from dialogs.ports import Words

KEPT = "All language models are busy just now. Your message is kept, and I ask again by myself."


def queued(words: Words, before: int) -> str:
    """How a message waits, `before` which so many others of the company were accepted and wait still."""
    return f"{words.say(KEPT)} {_place(words, before)}"


def _place(words: Words, before: int) -> str:
    if not before:
        return words.say("Nobody of your company waits before it.")
    return words.count(
        "{number} other message of your company waits before it.",
        "{number} other messages of your company wait before it.",
        before,
    )
