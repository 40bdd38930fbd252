"""A person's saved prompts: kept, used, and shared with a team.

Floor 3. A prompt is shared from a channel of its team, and used there; that the person belongs to it is asked of Teams each
time. Where others read along, what a person has not shared is not shown.
"""

import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace

from dialogs.cards import Button, Card, Field, Row
from dialogs.changes import Prompted, Unprompted
from dialogs.errors import AssistantError, NotMember, NotUnderstood, OnHold, Vanished
from dialogs.plain import cut, line, plain, visible
from dialogs.ports import Desk, Dialog, Words
from dialogs.shelves import PROMPTS_MOST, Saved
from dialogs.streams import forward
from dialogs.talk import Ask, Part, PlaceKind, Say
from dialogs.work import BLANK, carried_out

NAME, TEXT = 60, 4_000
"""Characters of a prompt's name and of its text."""
YES = "yes"
"""What the button of a question says."""
VERBS = ("save", "run @", "share @", "unshare @", "delete @", f"delete @ {YES}")
"""What may follow `prompts`."""
BEGINNING = 100
"""Characters of a prompt's text that a list shows."""

Steps = AsyncIterator[Part | AsyncIterator[Part]]

HOW = "Say **prompts** to see your saved prompts, or **prompt**, the name of one, a colon and a text to use it on that."
NO_NAME = "A prompt needs a name of at most 60 characters without a colon, and a text."
TOO_LONG = "A prompt may have at most 4,000 characters."
FULL = "You have saved 50 prompts, which is as many as I keep. Delete one first."
ELSEWHERE = "A prompt is shared with a team in a channel of it: mention me there with **prompts**."


def prompts(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The saved prompts, and what is done with one of them: `ask.text` is what follows `prompts`. Raises `NotUnderstood`."""
    verb, _, rest = ask.text.strip().partition(" ")
    if verb.casefold() not in DIALOGS:
        raise NotUnderstood(HOW)
    return forward(DIALOGS[verb.casefold()](ask, desk, rest.strip()))


def named(otherwise: Dialog) -> Dialog:
    """Uses a prompt by its name: `ask.text` is what follows `prompt`. What names none is for the other dialog."""

    def dialog(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
        return forward(_named(ask, desk, otherwise))

    return dialog


async def _named(ask: Ask, desk: Desk, otherwise: Dialog) -> Steps:
    name, _, text = ask.text.strip().partition(":")
    wanted = line(name).casefold()
    found = next((each for each in await _usable(ask, desk) if each.name.casefold() == wanted), None)
    yield _use(found, text.strip(), desk) if found else otherwise(replace(ask, text=f"prompt {ask.text.strip()}"), desk)


async def _listed(ask: Ask, desk: Desk, rest: str) -> Steps:
    among = ask.place.kind is not PlaceKind.PERSONAL and not ask.alone
    usable = await _usable(ask, desk)
    shown = [each for each in usable if not (among and each.mine and each.team != ask.place.team)]
    yield _list(ask, shown, hidden=among, words=desk.words)


async def _saved(ask: Ask, desk: Desk, rest: str) -> Steps:
    name, text = line(ask.field("name")), visible(ask.field("prompt")).strip()
    if not name or len(name) > NAME or ":" in name or not text:
        raise NotUnderstood(NO_NAME)
    if len(text) > TEXT:
        raise NotUnderstood(TOO_LONG)
    own = await desk.shelf.prompts()
    same = next((each for each in own if each.name.casefold() == name.casefold()), None)
    if same is None and len(own) >= PROMPTS_MOST:
        raise NotUnderstood(FULL)
    yield Prompted(same.id if same else _key(ask), name, text, same.team if same else "")
    changed = "Changed: **{name}**. Use it with **prompt**, its name, a colon and a text."
    kept = "Saved: **{name}**. Use it with **prompt**, its name, a colon and a text."
    yield Say(desk.words.say(changed if same else kept, name=plain(name)))


async def _run(ask: Ask, desk: Desk, rest: str) -> Steps:
    found = _one(await _usable(ask, desk), rest)
    if BLANK in found.text and not ask.field("text"):
        yield _asking(found, desk.words)
    else:
        yield _use(found, ask.field("text"), desk)


async def _shared(ask: Ask, desk: Desk, rest: str) -> Steps:
    if not ask.place.team:
        raise NotUnderstood(ELSEWHERE)
    found = _one(await desk.shelf.prompts(), rest)
    await _belongs(ask, desk)
    yield Prompted(found.id, found.name, found.text, ask.place.team)
    yield Say(desk.words.say("Everybody in this team can now use **{name}**.", name=plain(found.name)))


async def _unshared(ask: Ask, desk: Desk, rest: str) -> Steps:
    found = _one(await desk.shelf.prompts(), rest)
    yield Prompted(found.id, found.name, found.text)
    yield Say(desk.words.say("**{name}** is yours alone again.", name=plain(found.name)))


async def _deleted(ask: Ask, desk: Desk, rest: str) -> Steps:
    id, _, sure = rest.partition(" ")
    found = _one(await desk.shelf.prompts(), id)
    if await desk.records.held():
        raise OnHold
    if sure.strip() != YES:
        yield _question(found, desk.words)
        return
    yield Unprompted(found.id)
    yield Say(desk.words.say("Deleted: **{chat}**.", chat=plain(found.name)))


DIALOGS: dict[str, Callable[[Ask, Desk, str], Steps]] = {
    "": _listed,
    "save": _saved,
    "run": _run,
    "share": _shared,
    "unshare": _unshared,
    "delete": _deleted,
}


def _use(saved: Saved, text: str, desk: Desk) -> AsyncIterator[Part]:
    return carried_out(saved.text, text, desk)


async def _usable(ask: Ask, desk: Desk) -> Sequence[Saved]:
    """The person's own prompts first, then those of the team they are in; only their own where nobody can tell."""
    own = await desk.shelf.prompts()
    if not ask.place.team:
        return own
    try:
        await _belongs(ask, desk)
    except AssistantError:
        return own
    mine = {each.id for each in own}
    return (*own, *(each for each in await desk.shelf.prompts(ask.place.team) if not each.mine and each.id not in mine))


async def _belongs(ask: Ask, desk: Desk) -> None:
    """Raises `NotMember` unless the person belongs to the place they ask in at this moment."""
    members = await desk.members.of(ask.place)
    if not any(member.id.casefold() == ask.person.id.casefold() for member in members):
        raise NotMember


def _one(found: Sequence[Saved], id: str) -> Saved:
    """The prompt with this id. Raises `Vanished`."""
    one = next((each for each in found if each.id == id), None)
    if one is None:
        raise Vanished
    return one


def _key(ask: Ask) -> str:
    once = "\n".join((ask.person.tenant, ask.place.conversation, ask.id))
    return hashlib.sha256(once.encode(errors="surrogatepass")).hexdigest()[:16]


def _list(ask: Ask, shown: Sequence[Saved], *, hidden: bool, words: Words) -> Card:
    say = words.say
    none = () if shown else (say("There are none yet. Give one a name and a text, and save it."),)
    private = (say("Those that are yours alone I show you one to one."),) if hidden else ()
    how = say("Where a prompt says {blank}, the text you give it goes; else it goes below.", blank=BLANK)
    fields = (Field("name", say("Name")), Field("prompt", say("Prompt"), "lines", hint=how))
    rows = tuple(Row(_cells(each, words), _buttons(each, ask, words)) for each in shown)
    return Card(
        say("Saved prompts"), (*none, *private), (Button(say("Save"), "prompts save", quiet=True),), fields, rows
    )


def _cells(saved: Saved, words: Words) -> tuple[str, ...]:
    shared = words.say("Shared with a team") if saved.mine else words.say("Of this team")
    return (line(saved.name), cut(line(saved.text), BEGINNING), *((shared,) if saved.team else ()))


def _buttons(saved: Saved, ask: Ask, words: Words) -> tuple[Button, ...]:
    run = Button(words.say("Run"), f"prompts run {saved.id}", quiet=True)
    if not saved.mine:
        return (run,)
    share = (Button(words.say("Share"), f"prompts share {saved.id}", quiet=True),) if ask.place.team else ()
    back = (Button(words.say("Unshare"), f"prompts unshare {saved.id}", quiet=True),)
    delete = Button(words.say("Delete"), f"prompts delete {saved.id}", quiet=True)
    return (run, *(back if saved.team else share), delete)


def _asking(saved: Saved, words: Words) -> Card:
    lines = (cut(line(saved.text), BEGINNING),)
    go = Button(words.say("Run"), f"prompts run {saved.id}", quiet=True)
    return Card(line(saved.name), lines, (go,), (Field("text", words.say("The text"), "lines"),))


def _question(saved: Saved, words: Words) -> Card:
    sure = Button(words.say("Delete"), f"prompts delete {saved.id} {YES}", quiet=True, grave=True)
    keep = Button(words.say("Keep"), "prompts", quiet=True)
    gone = words.say("It cannot be brought back.")
    return Card(words.say("Delete this prompt?"), (line(saved.name), gone), (sure, keep))
