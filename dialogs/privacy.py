"""What becomes of what people write, and who is speaking: cards computed from the running configuration.

Floor 3. No model has a hand in this.
"""

from collections.abc import AsyncIterator, Iterator

from dialogs.account import state
from dialogs.addresses import addresses
from dialogs.cards import Button, Card
from dialogs.ports import Desk, Words
from dialogs.statements import SOURCES, STATEMENTS, Statement, regions
from dialogs.talk import Ask, Cite, Links, Part, PlaceKind, Say
from dialogs.terms import Terms


async def privacy(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What becomes of what is written here, who can read it, and for how long; with the pages that it rests on."""
    terms, words = desk.terms, desk.words
    holding = [each for each in STATEMENTS if each.holds(terms)]
    sources = [address for address in SOURCES if address in {each.source for each in holding}]
    said = (_said(each, terms, words, sources) for each in holding)
    yield Say(f"{words.say('This follows from how I am set up at this moment.')}\n\n")
    for number, address in enumerate(sources, 1):
        yield Say(f"- [{number}] [{SOURCES[address]}]({address})\n")
        yield Cite(number, SOURCES[address], "", address)
    lines = (kept(terms, words), noted(words), *beside(terms, words), *said, gone(terms, words), audited(terms, words))
    yield Card(words.say("Privacy"), lines, tuple(_buttons(ask, desk)))


def _said(statement: Statement, terms: Terms, words: Words, sources: list[str]) -> str:
    text = words.say(statement.claim, **statement.values(terms))
    return f"{text} [{sources.index(statement.source) + 1}]" if statement.source else text


def _buttons(ask: Ask, desk: Desk) -> Iterator[Button]:
    if ask.place.kind is PlaceKind.PERSONAL:
        yield Button(desk.words.say("What do you know about me?"), "what do you know about me")
        if "export" not in desk.terms.off:
            yield Button(desk.words.say("Export my data"), "export my data")


def kept(terms: Terms, words: Words) -> str:
    """What is kept, and for how long."""
    days = words.count(
        "What you write to me and what I answer is kept for {number} day.",
        "What you write to me and what I answer is kept for {number} days.",
        terms.retention_days,
    )
    read = words.say(
        "The messages of a channel or group chat I read only when somebody asks me to, and I do not keep them; of a "
        "summary, the summary itself is kept."
    )
    files = words.say(
        "Of a file that you send me one to one, its text is kept as long as what you write to me; the file itself and pictures I do not keep."
    )
    return f"{days} {read} {files}"


def noted(words: Words) -> str:
    """What is kept beside what was said."""
    return words.say(
        "I also note when I last caught you up in a channel or chat, and which digests you want and when. A summary that "
        "only you saw can be posted for a day; then I no longer keep it for that. Before I post it, I look who belongs to "
        "the conversation."
    )


def beside(terms: Terms, words: Words) -> Iterator[str]:
    """What is kept for times of its own."""
    yield words.say(
        "Prompts that you save and titles that you give to our chats are kept until you delete them. I also keep your settings, "
        "and your department for your company's figures."
    )
    yield words.count(
        "How you rate an answer, with the words you add, is kept for {number} day.",
        "How you rate an answer, with the words you add, is kept for {number} days.",
        terms.feedback_days,
    )
    yield words.count(
        "A message that I could not answer is kept for {number} day.",
        "A message that I could not answer is kept for {number} days.",
        terms.dead_days,
    )
    yield words.count(
        "How much you have used on a day is kept for {number} day.",
        "How much you have used on a day is kept for {number} days.",
        terms.usage_days,
    )


def gone(terms: Terms, words: Words) -> str:
    """How long it stays after the person has removed the assistant."""
    return words.count(
        "If you remove me, what I keep of you is deleted after {number} day.",
        "If you remove me, what I keep of you is deleted after {number} days.",
        terms.gone_days,
    )


def audited(terms: Terms, words: Words) -> str:
    """How long it is known that something was done."""
    return words.count(
        "That you asked me something, and what it cost, is noted without its content for {number} day.",
        "That you asked me something, and what it cost, is noted without its content for {number} days.",
        terms.audit_days,
    )


async def about(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Who is speaking, with which model, and to whom."""
    me = desk.words.say("I'm **Parley**, an assistant for Microsoft Teams that your company runs itself.")
    signed_in = await state(ask, desk)
    yield Links(addresses((signed_in,)))
    yield Say(f"{me} {engine(desk)} {signed_in}".rstrip())
    if lines := tuple(_models(ask, desk)):
        buttons = (Button(desk.words.say("Models"), "models"), Button(desk.words.say("Privacy"), "privacy"))
        yield Card(desk.words.say("About"), lines, buttons)


def engine(desk: Desk) -> str:
    """Where it runs, and on what."""
    if not desk.terms.local:
        return desk.words.say("I run in your company's own Azure.")
    if desk.model.writes:
        return desk.words.say("I'm running locally on this computer.")
    if desk.terms.telemetry:
        return desk.words.say(
            "I'm running locally on this computer with the offline engine: it quotes what was written and does not "
            "write anything of its own."
        )
    return desk.words.say(
        "I'm running locally on this computer with the offline engine: it quotes what was written and does not "
        "write anything of its own, and I send nothing off this computer."
    )


def _models(ask: Ask, desk: Desk) -> Iterator[str]:
    """The deployment that answers here, and what runs behind it. What a person chose is told to them alone."""
    alone = ask.alone or ask.place.kind is PlaceKind.PERSONAL
    words, offer = desk.words, desk.terms.offer(desk.preferences.model if alone else "")
    if offer is None:
        return
    yield words.say("The model that answers here: {name}", name=offer.name)
    if offer.model:
        yield words.say("What runs behind that name: {model}", model=offer.model)
    if offer.retires:
        yield words.say("It ends, by Microsoft's schedule, on {day}.", day=words.day(offer.retires))
    if where := regions(desk.terms):
        yield words.say("The region of its resource: {regions}", regions=", ".join(where))
