"""A person's chats as cards: a page of them, what a search found, and what is asked about one.

Floor 3. Titles are untrusted: in cards they are plain text.
"""

from collections.abc import Sequence

from dialogs.cards import Button, Card, Field, Row
from dialogs.plain import cut, line
from dialogs.ports import Words
from dialogs.shelves import COUNTED, Chat, Hits

PAGE = 10
"""Chats on one card."""
TITLE = 60
"""Characters of a title."""
YES = "yes"
"""What the button of a question says."""


def found(sought: str, hits: Hits, words: Words, *, full: bool) -> Card:
    """What a search found; `full`: there may be more of it."""
    say = words.say
    far = () if hits.whole else (say("You have said so much here that I looked only at the newest of it."),)
    more = (say("These are the newest of them; more words find fewer."),) if full else ()
    none = say("In none of your chats is there a title or a message with all of these words: {words}", words=sought)
    title = say("Chats with “{words}”", words=sought) if hits.chats else say("Nothing found")
    lines = (*far, *more) if hits.chats else (none, *far)
    return Card(title, lines, (_look(words), _all(words)), (_search(words, sought),), _rows(hits.chats, words))


def listed(found: Sequence[Chat], page: int, words: Words) -> Card:
    """One page; `found` holds one chat more than it shows where another page follows."""
    more = (Button(words.say("More"), f"chats page {page + 1}", quiet=True),) if len(found) > PAGE else ()
    every = Button(words.say("Delete all"), "chats delete all", quiet=True)
    return Card(
        words.say("Your chats"),
        (),
        (_look(words), Button(words.say("New chat"), "new chat", quiet=True), *more, every),
        (_search(words),),
        _rows(found[:PAGE], words),
    )


def _rows(found: Sequence[Chat], words: Words) -> tuple[Row, ...]:
    return tuple(Row(_cells(chat, words), _buttons(chat, words)) for chat in found)


def _cells(chat: Chat, words: Words) -> tuple[str, ...]:
    title = line(chat.title) or unnamed(chat, words)
    now = words.say("{chat} (open now)", chat=title) if chat.open else title
    return (now, words.stamp(chat.at), _messages(chat, words))


def _buttons(chat: Chat, words: Words) -> tuple[Button, ...]:
    go_on = () if chat.open else (Button(words.say("Open"), f"chats open {chat.number}", quiet=True),)
    return (
        *go_on,
        Button(words.say("Rename"), f"chats rename {chat.number}", quiet=True),
        Button(words.say("Delete"), f"chats delete {chat.number}", quiet=True),
    )


def _messages(chat: Chat, words: Words) -> str:
    if chat.lines >= COUNTED:
        return words.count("{number} message or more", "{number} messages or more", COUNTED)
    return words.count("{number} message", "{number} messages", chat.lines)


def unnamed(chat: Chat, words: Words) -> str:
    """What a chat is called that has no words of its own."""
    return words.say("Chat {number}", number=chat.number)


def _search(words: Words, value: str = "") -> Field:
    return Field("words", words.say("Search titles and messages"), value=value)


def _look(words: Words) -> Button:
    return Button(words.say("Search"), "chats search", quiet=True)


def _all(words: Words) -> Button:
    return Button(words.say("All chats"), "chats", quiet=True)


def ended(words: Words) -> Card:
    """A page behind the last."""
    return Card(words.say("Your chats"), (words.say("There are no more."),), (_all(words),))


def naming(chat: Chat, words: Words) -> Card:
    """Asks for a new title."""
    return Card(
        words.say("Rename a chat"),
        (words.say("Leave it empty, and the chat is known by how it begins."),),
        (Button(words.say("Save"), f"chats rename {chat.number}", quiet=True),),
        (Field("title", words.say("Title"), value=cut(line(chat.title), TITLE)),),
    )


def question(found: Sequence[Chat], which: str, words: Words) -> Card:
    """Asks whether a chat is really to be deleted, or `all`."""
    if which == "all":
        title = words.count("Delete {number} chat?", "Delete all {number} chats?", len(found))
        lines = [words.say("All that was said in them here is deleted. It cannot be brought back.")]
    else:
        title = words.say("Delete this chat?")
        title_line, *more = _cells(found[0], words)
        lines = [title_line, " · ".join(more), words.say("It cannot be brought back.")]
    sure = Button(words.say("Delete"), f"chats delete {which} {YES}", quiet=True, grave=True)
    return Card(title, tuple(lines), (sure, Button(words.say("Keep"), "chats", quiet=True)))


def afresh(words: Words) -> str:
    """What follows when the open chat is deleted."""
    return " " + words.say("A new chat begins here.")
