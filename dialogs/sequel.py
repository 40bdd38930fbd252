"""What stands below an answer of a model: its tables as cards, and what may be said next.

Floor 3. No model has a hand in this: what is offered follows from the kind of answer.
"""

from collections.abc import AsyncIterator, Mapping, Sequence

from dialogs.cards import Button, Card, Row
from dialogs.ports import Desk, Words
from dialogs.streams import closing
from dialogs.suggestions import Suggest
from dialogs.tables import Table, tables
from dialogs.talk import Answer, Ask, Event, Part, PlaceKind, Say, grow

ROWS, COLUMNS, SIZE = 30, 5, 4_000
"""Rows, columns and characters of a table that a card shows; a larger one stays the list that it is in the text."""
CARDS = 3
"""Tables of one answer that become cards."""
LONGEST = 200
"""Characters of what a suggestion says."""
MOST = 5
"""Suggestions below one answer. Some clients show three: the first say most."""
INTO: Mapping[str, tuple[str, str]] = {
    "en": ("In English", "in English"),
    "de": ("In German", "in German"),
    "fr": ("In French", "in French"),
    "es": ("In Spanish", "in Spanish"),
    "ja": ("In Japanese", "in Japanese"),
}
"""What a button says, and what it says in the person's name."""
SECTIONS = (
    ("The whole summary", "summarise"),
    ("Decisions only", "decisions"),
    ("Action items only", "action items"),
)


async def followed(
    parts: AsyncIterator[Part], ask: Ask, desk: Desk, first: Sequence[Button] = ()
) -> AsyncIterator[Part]:
    """An answer with what stands below it. `first` is what its kind suggests.

    Suggestions are for the personal chat alone: elsewhere they would stand under everybody's nose.
    """
    answer = Answer()
    async with closing(parts) as said:
        async for part in said:
            answer = grow(answer, part)
            yield part
    if not answer.ai:
        return
    shown = () if answer.cards else _shown(answer.text)
    if shown:
        line = desk.words.count(
            "The table is on the card below.", "The {number} tables are on the cards below.", len(shown)
        )
        yield Say(f"\n\n{line}")
        for each in shown:
            yield _card(each, desk.words)
    if ask.place.kind is PlaceKind.PERSONAL and ask.event is Event.MESSAGE:
        yield _suggested(answer, ask, desk, first)


def sections(done: str, rest: str, words: Words) -> tuple[Button, ...]:
    """The other parts of a summary, of what the command's words `rest` name; `done` is the command that was given."""
    others = [Button(words.say(title), f"{text} {rest}".strip()) for title, text in SECTIONS if text != done]
    return tuple(button for button in others if len(button.text) <= LONGEST)


def _shown(text: str) -> tuple[Table, ...]:
    """The tables that cards can show."""
    found = (
        each for each in tables(text) if len(each.rows) <= ROWS and len(each.head) <= COLUMNS and each.size <= SIZE
    )
    return tuple(found)[:CARDS]


def _card(table: Table, words: Words) -> Card:
    head = Row(table.head, head=True, colon=words.colon)
    return Card(words.say("Table"), (), rows=(head, *map(Row, table.rows)))


def _suggested(answer: Answer, ask: Ask, desk: Desk, first: Sequence[Button]) -> Suggest:
    """Who only quotes writes neither shorter nor in another language."""
    words = desk.words
    files = _files(words) if not first and answer.scope and answer.scope.files else ()
    plain = not first and not files
    wishes = _wishes(ask, words, plain=plain) if desk.model.writes else ()
    return Suggest((*first, *files, *wishes, Button(words.say("Again"), "again"))[:MOST])


def _files(words: Words) -> tuple[Button, ...]:
    return Button(words.say("Summarise"), "summarise"), Button(words.say("As a document"), "as a document")


def _wishes(ask: Ask, words: Words, *, plain: bool) -> tuple[Button, ...]:
    longer = (Button(words.say("Longer"), "longer"),) if plain else ()
    return (Button(words.say("Shorter"), "shorter"), *longer, _tongue(ask, words))


def _tongue(ask: Ask, words: Words) -> Button:
    """The language that the answer is likeliest to be wanted in beside the one it is in."""
    wanted = (each.split("-")[0].lower() for each in (ask.person.native, ask.person.locale, "en", "de"))
    title, text = INTO[next(code for code in wanted if code in INTO and code != words.language)]
    return Button(words.say(title), text)
