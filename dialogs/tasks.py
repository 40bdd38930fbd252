"""What can be done with a text: summarised, rewritten, translated, … One table says how, and one dialog does it.

Floor 3. A task is typed (`translate to French: …`), filled in on a card (`tasks`), or begun with a prompt starter.
"""

from collections.abc import AsyncIterator
from dataclasses import replace

from dialogs.cards import Button, Card, Choice, Field, Row
from dialogs.errors import NotUnderstood
from dialogs.papers import ASIDE, Papers, filed, handed, received
from dialogs.plain import line
from dialogs.ports import Desk, Words
from dialogs.references import without
from dialogs.streams import closing, forward
from dialogs.talk import Ask, Message, Note, Part, Say
from dialogs.toolbox import BY_NAME, STYLES, TASKS, TONGUES, Call, Task, called, detail
from dialogs.work import Job, work

RUN = "run"
VERBS = (RUN, *BY_NAME, *(f"{RUN} {name}" for name in BY_NAME))
"""What may follow `tasks`."""
RECENT = 6
"""Lines of the chat among which the last answer is looked for."""

NO_TEXT = (
    "Send the text with it, after a colon: **translate to French:** and then the text. Or fill in the card: **tasks**."
)
LEFT_ALONE = "I work on your words, and leave what you sent with them alone."
NO_ANSWER = "There is no answer of mine here yet to do that with. Send the text after a colon: **translate to French:**"
HOW = "Say **tasks**, or what to do and then a text: **translate to French:**, **rewrite formal:**, **sentiment:**"


def tasks(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The card of all tasks or of one, and what its button does; `ask.text` is what follows `tasks`."""
    return forward(_chosen(ask, desk))


def run(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The task that somebody typed; `ask.text` is all of it, with the line breaks of the text."""
    return forward(_typed(ask, desk))


def typed(ask: Ask) -> Call | None:
    """The task that a message asks for. With a file, no text need follow: "translate this file to French"."""
    if not filed(ask.attachments):
        return called(ask.text)
    whole = without(ask.text.strip().rstrip(".!: "))
    short = "\n" not in whole and ":" not in whole
    return (called(f"{whole}:") if short else None) or called(ask.text)


def spoken(ask: Ask) -> str:
    """What a filled-in card would be if it had been typed, for the chat's history; else the ask's own text."""
    task = BY_NAME.get(ask.field("task"))
    if task is None or not ask.field("text"):
        return ask.text
    asked = detail(task, _filled(ask, task))
    return f"{task.name}{f' ({asked})' if asked else ''}: {ask.field('text')}"


async def _chosen(ask: Ask, desk: Desk) -> AsyncIterator[Part | AsyncIterator[Part]]:
    verb, _, rest = ask.text.strip().casefold().partition(" ")
    if not verb:
        yield _everything(desk.words)
        return
    if verb in BY_NAME:
        yield _card(BY_NAME[verb], "", desk.words)
        return
    task = BY_NAME.get(rest.strip() or ask.field("task"))
    if verb != RUN or task is None:
        raise NotUnderstood(HOW)
    if not ask.field("text"):
        raise NotUnderstood(NO_TEXT)
    yield work(Job(task, ask.field("text"), detail(task, _filled(ask, task))), desk)


async def _typed(ask: Ask, desk: Desk) -> AsyncIterator[Part | AsyncIterator[Part]]:
    call = typed(ask)
    if call is None:
        raise NotUnderstood(HOW)
    if filed(ask.attachments) and not call.text:
        yield _with_files(ask, call, desk)
        return
    if handed(ask.attachments):
        yield Say(f"{desk.words.say(LEFT_ALONE)}\n\n")
    if call.last:
        call = replace(call, text=_last(await desk.history.recent(RECENT)))
    if call.text:
        yield work(Job(call.task, call.text, call.detail), desk)
    else:
        yield _card(call.task, call.detail, desk.words)


def _with_files(ask: Ask, call: Call, desk: Desk) -> AsyncIterator[Part]:
    return forward(_on_files(ask, call, desk))


async def _on_files(ask: Ask, call: Call, desk: Desk) -> AsyncIterator[Part | AsyncIterator[Part]]:
    """The task, done with the text of the files that came with it."""
    papers = Papers()
    async with closing(received(handed(ask.attachments), desk)) as steps:
        async for step in steps:
            if isinstance(step, Note):
                yield step
            else:
                papers = step
    for notice in papers.notices(desk.words):
        yield Say(f"{notice}\n\n")
    if papers.pictures:
        yield Say(f"{desk.words.say(ASIDE)}\n\n")
    text = "\n\n".join(passage.text for document in papers.documents for passage in document.passages)
    if text:
        yield work(Job(call.task, text, call.detail), desk)


def _last(history: tuple[Message, ...]) -> str:
    """The assistant's last answer. Raises `NotUnderstood` where there is none."""
    found = next((message.text for message in reversed(history) if message.role == "assistant"), "")
    if not found.strip():
        raise NotUnderstood(NO_ANSWER)
    return found


def _filled(ask: Ask, task: Task) -> str:
    """What was filled in beside the text that this task asks for."""
    return line(ask.field(task.asks if task.asks in ("style", "language") else "detail"))


def _everything(words: Words) -> Card:
    named = tuple(Choice(task.name, words.say(task.heading)) for task in TASKS)
    rows = tuple(Row((words.say(task.heading), words.say(task.explains))) for task in TASKS)
    more = Field(
        "detail", words.say("Question, kinds, columns or language of the code"), hint=words.say("If there are any")
    )
    fields = (
        Field("task", words.say("What shall I do?"), "choice", TASKS[0].name, named),
        _text(words),
        _style(words),
        _language(words),
        more,
    )
    return Card(words.say("What shall I do with a text?"), (), (_go(words),), fields, rows)


def _card(task: Task, asked: str, words: Words) -> Card:
    beside = {
        "style": lambda: _style(words, asked),
        "language": lambda: _language(words, asked),
        "question": lambda: Field("detail", words.say("Question"), value=asked),
        "kinds": lambda: Field(
            "detail", words.say("Kinds, with commas between them; I find some if you name none"), value=asked
        ),
        "columns": lambda: Field(
            "detail", words.say("Columns, with commas between them; I find some if you name none"), value=asked
        ),
        "code": lambda: Field("detail", words.say("Programming language, if it matters"), value=asked),
    }
    fields = (_text(words), beside[task.asks]()) if task.asks else (_text(words),)
    return Card(words.say(task.heading), (words.say(task.explains),), (_go(words, task),), fields)


def _text(words: Words) -> Field:
    return Field("text", words.say("The text"), "lines")


def _style(words: Words, value: str = "") -> Field:
    choices = tuple(Choice(name, words.say(title)) for name, title in STYLES.items())
    return Field("style", words.say("How it is rewritten"), "choice", value or choices[0].value, choices)


def _language(words: Words, value: str = "") -> Field:
    choices = tuple(Choice(name, title) for name, title in TONGUES.items())
    here = value or words.tongue
    return Field(
        "language", words.say("Language of the translation"), "choice", here if here in TONGUES else "English", choices
    )


def _go(words: Words, task: Task | None = None) -> Button:
    return Button(words.say("Run"), f"tasks {RUN} {task.name}" if task else f"tasks {RUN}", quiet=True)
