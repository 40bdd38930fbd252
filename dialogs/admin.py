"""What administrators and auditors ask of the assistant, one to one: reports, rules, dead letters, erasure, export, holds.

Floor 3. Whoever gets here has shown the role that `needs` names. No model has a hand in this, and nothing of it is content.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from dialogs.attachments import Handover
from dialogs.cards import Button, Card, Choice, Field, Row
from dialogs.changes import Buried, Exported, Forgotten, Held, Ruled
from dialogs.errors import NotUnderstood, Personal, Unfinished
from dialogs.plain import plain
from dialogs.ports import Desk
from dialogs.shelves import STAYS, Report
from dialogs.streams import closing
from dialogs.talk import Ask, Note, Part, PlaceKind, Say

Verb = Callable[[Ask, Desk, Sequence[str]], AsyncIterator[Part]]
"""What an `admin` command does; it is handed the words after its own."""

READ = frozenset({"", "usage", "audit", "filters", "feedback", "holds"})
"""What shows figures alone: an auditor may have it too."""
REPORTS = (
    ("Use", "admin usage"),
    ("Audit", "admin audit"),
    ("Content filter", "admin filters"),
    ("Feedback", "admin feedback"),
    ("Dead letters", "admin dead"),
    ("Rules", "admin rules"),
    ("Legal holds", "admin holds"),
)
USE = (
    ("By day", "admin usage 30 day"),
    ("By model", "admin usage 30 model"),
    ("By department", "admin usage 30 department"),
)
YES = "yes"
"""What the button says that nobody presses by mistake."""
INTRO = "These are figures. Nothing that anybody wrote is in them."
HOW = "Write **admin rules set** with a name and a value, or **admin rules unset** with a name."


def needs(rest: str) -> Literal["admin", "auditor"]:
    """Whose role the words after `admin` take; whatever changes anything or hands anything out takes an administrator's."""
    return "auditor" if _words(rest)[0] in READ else "admin"


async def admin(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """`ask.text` are the words after `admin`. Raises `Personal`, `NotUnderstood`, `OnHold` or `Unfinished`."""
    if ask.place.kind is not PlaceKind.PERSONAL:
        raise Personal
    verb, words = _words(ask.text)
    if verb not in DIALOGS:
        raise NotUnderstood("Write **admin** to see what there is.")
    async with closing(DIALOGS[verb](ask, desk, words)) as parts:
        async for part in parts:
            yield part


async def overview(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Overview, and the way to each report."""
    yield Say(desk.words.say(INTRO))
    yield _card(await desk.office.report("overview", words), _buttons(desk, REPORTS))


async def usage(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Tokens by day, model or department."""
    yield Say(desk.words.say(INTRO))
    yield _card(await desk.office.report("usage", words), _buttons(desk, USE))


async def audit(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """What was done, the newest first."""
    yield Say(desk.words.say(INTRO))
    yield _card(await desk.office.report("audit", words))


async def filters(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """What the content filter found."""
    yield Say(desk.words.say(INTRO))
    yield _card(await desk.office.report("filters", words))


async def feedback(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """How answers were liked."""
    yield Say(desk.words.say(INTRO))
    yield _card(await desk.office.report("feedback", words))


async def holds(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Whose data may not be deleted."""
    yield Say(desk.words.say(INTRO))
    yield _card(await desk.office.report("holds", words))


async def dead(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Messages that could not be answered: shown, tried once more, or emptied. Raises `NotUnderstood` for other words."""
    if not words:
        yield Say(desk.words.say("These messages could not be answered. What stands in them I do not show."))
        report = await desk.office.report("dead", ())
        yield _card(replace(report, rows=tuple(_letter(row, desk) for row in report.rows)))
        return
    verb, *keys = words
    if verb not in ("retry", "drop") or not keys:
        raise NotUnderstood("Write **admin dead retry** or **admin dead drop** with the key that **admin dead** shows.")
    for key in keys:
        await desk.office.check("dead", (key,))
        yield Buried(key, again=verb == "retry")
    if verb == "retry":
        yield Say(desk.words.count("It is tried again.", "{number} messages are tried again.", len(keys)))
    else:
        yield Say(desk.words.count("It is emptied.", "{number} messages are emptied.", len(keys)))


async def rules(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """What the company decides for itself: shown, or changed. Raises `NotUnderstood` for other words."""
    if not words:
        report = await desk.office.report("rules", ())
        yield Say(desk.words.say(HOW))
        yield _card(report, _buttons(desk, (("Set", "admin rules set"),), quiet=True), _form(report, desk))
        return
    verb, *given = words
    name, value = _ruling(ask, given)
    if verb == "set" and value:
        await desk.office.check("rule", (name, value))
        yield Ruled(name, value)
        yield Say(
            desk.words.say(
                "**{name}** is {value} now, and within ten seconds everywhere.", name=plain(name), value=plain(value)
            )
        )
    elif verb == "unset" and name and not value:
        await desk.office.check("rule", (name,))
        yield Ruled(name, None)
        yield Say(desk.words.say("**{name}** is back to its default.", name=plain(name)))
    else:
        raise NotUnderstood(HOW)


async def erase(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Everything that is kept of a person is deleted, after a question. Raises `OnHold` or `Unfinished`."""
    person, sure = _person(words, YES)
    await desk.office.check("erase", (person,))
    report = await desk.office.report("find", (person,))
    if not sure:
        yield Say(desk.words.say("This is what I keep of that person. Erased, it cannot be brought back."))
        button = Button(desk.words.say("Erase everything"), f"admin erase {person} {YES}", quiet=True, grave=True)
        warned = replace(report, notes=(*report.notes, desk.words.say("What is erased cannot be brought back.")))
        yield _card(warned, (button,))
        return
    if await desk.office.halt(person):
        raise Unfinished
    yield Forgotten(person)
    gone = _gone(report)
    some = desk.words.say("I keep nothing of that person any more. This was erased:")
    yield Say(some if gone else desk.words.say("I keep nothing of that person any more."))
    yield _receipt(report, gone, desk)


async def export(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Everything that is kept of a person, handed to the administrator."""
    person, _ = _person(words)
    await desk.office.check("export", (person,))
    yield Exported(person)
    async with closing(desk.office.export(person)) as steps:
        async for step in steps:
            if isinstance(step, Handover):
                yield step
            else:
                yield Note(desk.words.count("Writing down {number} entry…", "Writing down {number} entries…", step))
    yield Say(
        desk.words.say("This is everything I keep of that person. What they wrote is in it: hand it to nobody else.")
    )


async def hold(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """Nothing of a person is deleted from now on."""
    person, _ = _person(words)
    await desk.office.check("hold", (person,))
    yield Held(person)
    yield Say(desk.words.say("Nothing of that person is deleted from now on, neither by themselves nor by its age."))


async def lift(ask: Ask, desk: Desk, words: Sequence[str]) -> AsyncIterator[Part]:
    """What is kept of a person is deleted again when its time has come."""
    person, _ = _person(words)
    await desk.office.check("lift", (person,))
    yield Held(person, on=False)
    yield Say(desk.words.say("The hold is lifted. What is past its time goes with the next sweep."))


DIALOGS: Mapping[str, Verb] = {
    "": overview,
    "usage": usage,
    "audit": audit,
    "filters": filters,
    "feedback": feedback,
    "dead": dead,
    "rules": rules,
    "erase": erase,
    "export": export,
    "hold": hold,
    "lift": lift,
    "holds": holds,
}
"""What is done after `admin` and a word."""
BY = ("day", "model", "department")
VERBS: tuple[str, ...] = (
    *(verb for verb in DIALOGS if verb),
    *(f"{verb} #" for verb in ("usage", "audit", "filters", "feedback")),
    *(form for by in BY for form in (f"usage {by}", f"usage # {by}", f"usage {by} #")),
    *("dead retry", "dead retry @", "dead drop", "dead drop @"),
    *("rules set", "rules set …", "rules unset", "rules unset …"),
    *(f"{verb} @" for verb in ("erase", "export", "hold", "lift")),
    f"erase @ {YES}",
)
"""What may follow `admin`."""


def _words(rest: str) -> tuple[str, Sequence[str]]:
    verb, *words = rest.strip(" .!?").split() or [""]
    return verb.casefold(), words


def _person(words: Sequence[str], last: str = "") -> tuple[str, bool]:
    """An Entra object id, and whether `last` stands behind it. Whether it is one is checked by the office."""
    person, *more = words or [""]
    if not person or more not in ([], [last]):
        raise NotUnderstood("I need the person's object id in Entra, and nothing else.")
    return person.lower(), bool(more)


def _ruling(ask: Ask, given: Sequence[str]) -> tuple[str, str]:
    """The name and the value of a rule, as typed or as filled in on the card."""
    name, *value = given or [ask.field("rule"), ask.field("value")]
    return name, " ".join(value)


def _card(report: Report, buttons: tuple[Button, ...] = (), fields: tuple[Field, ...] = ()) -> Card:
    return Card(report.title, report.notes, buttons, fields, report.rows)


def _gone(report: Report) -> tuple[Row, ...]:
    """What was erased below its head: without what is kept on, in which nobody is known any more. Nothing where that is all."""
    rows = tuple(row for row in report.rows if STAYS.isdisjoint(row.cells[:1]))
    return rows if any(not row.head for row in rows) else ()


def _receipt(report: Report, gone: tuple[Row, ...], desk: Desk) -> Card:
    """What was erased."""
    say = desk.words.say
    alone = say(
        "Only rows that stay were left of that person, such as those of the audit. What said in them who it was is erased."
    )
    notes = report.notes if gone else (*report.notes, alone)
    remains = say(
        "What remains: the messages the person sees in Teams, which are Teams' own; figures that are added up over "
        "everybody; and the audit, in which nothing says any more who it was."
    )
    return Card(say("Erased on {time}", time=desk.words.stamp(desk.now)), notes, rows=gone, foot=(remains,))


def _buttons(desk: Desk, titled: Sequence[tuple[str, str]], *, quiet: bool = False) -> tuple[Button, ...]:
    return tuple(Button(desk.words.say(title), text, quiet) for title, text in titled)


def _letter(row: Row, desk: Desk) -> Row:
    """A dead letter with what can be done about it; its key stands first."""
    if row.head or not row.cells:
        return row
    again = Button(desk.words.say("Try again"), f"admin dead retry {row.cells[0]}", quiet=True)
    empty = Button(desk.words.say("Empty"), f"admin dead drop {row.cells[0]}", quiet=True, grave=True)
    return replace(row, buttons=(again, empty))


def _form(report: Report, desk: Desk) -> tuple[Field, ...]:
    """A rule to choose and a value to write."""
    rules = [row.cells[0].partition(":")[0] for row in report.rows if row.cells and not row.head]
    names = tuple(Choice(name, name) for name in rules)
    return (
        Field("rule", desk.words.say("Rule"), "choice", choices=names),
        Field("value", desk.words.say("Value")),
    )
