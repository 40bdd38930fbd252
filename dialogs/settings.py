"""How a person wants to be answered: the card to say it on, what becomes of it, and the models on offer.

Floor 3. No model has a hand in this. What comes from a card is untrusted: only what is on offer at this moment is saved.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from dialogs.cards import Button, Card, Choice, Field, Row
from dialogs.changes import Preferred
from dialogs.errors import Personal
from dialogs.ports import Desk, Words
from dialogs.preferences import CREATIVITIES, LANGUAGES, LENGTHS, TONES, Preferences
from dialogs.talk import Ask, Part, PlaceKind, Say
from dialogs.terms import Kind, Offer, Terms

USUAL = "*"
"""What stands on a card for the house's own choice: Teams leaves out fields whose value is empty."""
LENGTH_TITLES = {"": "As it fits", "short": "Short", "long": "In detail"}
CREATIVITY_TITLES = {"": "As the model has it", "low": "Low: sober and repeatable", "high": "High: more surprising"}
TONE_TITLES = {"": "Neutral", "friendly": "Friendly", "formal": "Formal", "plain": "In plain words"}
LANGUAGE_TITLES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "ja": "日本語"}
"""Languages as they call themselves: whoever looks for theirs may not read the one the card is in."""
LABELS = {
    "model": "Model",
    "length": "Length of answers",
    "creativity": "Creativity",
    "language": "Language",
    "tone": "Tone",
}
"""The fields, by what they are called in `Preferences`."""
VERBS = ("save #", "reset")
"""What may follow `settings`."""
PROCESSED: Mapping[Kind, str] = {
    "": "not known",
    "Standard": "in the Azure geography of its region",
    "DataZoneStandard": "inside the EU or US data zone of its region",
    "GlobalStandard": "anywhere in the world",
}


async def settings(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Shows the card; `save <number>` saves what was filled in on it, `reset` goes back to the house's choice."""
    if ask.place.kind is not PlaceKind.PERSONAL:
        raise Personal
    match ask.text.casefold().split():
        case ["save", number]:
            found = _save(ask, desk, number)
        case ["reset"]:
            found = _change(ask, desk, Preferences(number=desk.preferences.number))
        case _:
            found = iter([_card(desk.preferences, desk, desk.words)])
    for part in found:
        yield part


def _save(ask: Ask, desk: Desk, number: str) -> Iterator[Part]:
    if number != str(desk.preferences.number):
        yield Say(desk.words.say("Your settings have changed since that card was shown, so I did not save them."))
        yield _card(desk.preferences, desk, desk.words)
        return
    offered = {field.id: field for field in _fields(desk.preferences, desk, desk.words)}
    given = {name: ask.field(name) for name in LABELS if ask.field(name)}
    wrong = [name for name, value in given.items() if not _fits(value, offered.get(name))]
    if wrong:
        field = desk.words.say(LABELS[wrong[0]])
        yield Say(desk.words.say("I saved nothing: what was chosen under “{field}” is not on offer.", field=field))
        yield _card(desk.preferences, desk, desk.words)
        return
    wished: dict[str, Any] = {name: "" if value == USUAL else value for name, value in given.items()}
    yield from _change(ask, desk, replace(desk.preferences, **wished))


def _fits(value: str, field: Field | None) -> bool:
    return value == USUAL or (field is not None and value in {choice.value for choice in field.choices})


def _change(ask: Ask, desk: Desk, wished: Preferences) -> Iterator[Part]:
    before = desk.preferences
    if wished == before:
        yield Say(desk.words.say("Nothing has changed: so it stood already."))
        return
    kept = replace(wished, number=before.number + 1)
    words = desk.words
    if kept.language != before.language:
        words = words.within(kept.language or (ask.person.native or ask.person.locale).split("-")[0].lower())
    yield Preferred(kept)
    yield Say(words.say("Saved. This is how it stands now:"))
    yield _card(kept, desk, words)


def _card(preferences: Preferences, desk: Desk, words: Words) -> Card:
    lines = [words.say("This holds for you alone, wherever you ask me.")]
    if not desk.model.writes:
        lines.append(words.say("The offline engine, which runs here, only quotes: there is nothing else to choose."))
    return Card(
        words.say("Settings"),
        tuple(lines),
        (
            Button(words.say("Save"), f"settings save {preferences.number}", quiet=True),
            Button(words.say("Back to the usual"), "settings reset", quiet=True),
        ),
        fields=tuple(_fields(preferences, desk, words)),
    )


def _fields(preferences: Preferences, desk: Desk, words: Words) -> Iterator[Field]:
    """What may be chosen now. The offline engine heeds nothing but the language."""
    if desk.model.writes:
        if len(desk.terms.offers) > 1:
            yield _field("model", preferences.model, _models(desk, words), words)
        yield _field("length", preferences.length, _titles(LENGTHS, LENGTH_TITLES, words), words)
        if tunable := [offer.name for offer in desk.terms.offers if offer.tunable]:
            hint = words.say("Heeded by {names}; other models ignore it.", names=", ".join(tunable))
            choices = _titles(CREATIVITIES, CREATIVITY_TITLES, words)
            yield _field("creativity", preferences.creativity, choices, words, hint)
    yield _field("language", preferences.language, _languages(words), words)
    if desk.model.writes:
        yield _field("tone", preferences.tone, _titles(TONES, TONE_TITLES, words), words)


def _field(id: str, value: str, choices: tuple[Choice, ...], words: Words, hint: str = "") -> Field:
    """A choice with its present value; one that is no longer on offer counts as the house's own."""
    known = value in {choice.value for choice in choices}
    return Field(id, words.say(LABELS[id]), "choice", value if known else USUAL, choices, hint)


def _titles(values: Sequence[str], titles: Mapping[str, str], words: Words) -> tuple[Choice, ...]:
    return tuple(Choice(value or USUAL, words.say(titles[value])) for value in values)


def _models(desk: Desk, words: Words) -> tuple[Choice, ...]:
    first = words.say("The usual one: {name}", name=desk.terms.offers[0].name)
    return (Choice(USUAL, first), *(Choice(offer.name, _told(offer, desk, words)) for offer in desk.terms.offers))


def _languages(words: Words) -> tuple[Choice, ...]:
    spoken = (Choice(code, LANGUAGE_TITLES[code]) for code in LANGUAGES)
    return (Choice(USUAL, words.say("As Teams says")), *spoken)


def _told(offer: Offer, desk: Desk, words: Words) -> str:
    """A deployment in one line, with what is known of it."""
    ends = _ends(offer, desk, words) if offer.retiring(desk.now.date()) else ""
    known = (words.say(offer.good_for), "€" * offer.cost, ends)
    return ": ".join(filter(None, (offer.name, ", ".join(filter(None, known)))))


async def models(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The deployments on offer, with what each is good for, and which of them answers the person."""
    if not desk.terms.offers:
        yield Say(_none(desk))
        return
    words, personal = desk.words, ask.place.kind is PlaceKind.PERSONAL
    mine = desk.terms.offer(desk.preferences.model) if personal or ask.alone else None
    yield Card(
        words.say("Models on offer"),
        tuple(_notes(desk)),
        (Button(words.say("Settings"), "settings"),) if personal else (),
        rows=(_head(words), *(_row(offer, offer == mine, desk) for offer in desk.terms.offers)),
    )


def _none(desk: Desk) -> str:
    if desk.model.writes:
        return desk.words.say("There is no model to choose from.")
    return desk.words.say("There is no model to choose from: the offline engine runs here, and it only quotes.")


def _notes(desk: Desk) -> Iterator[str]:
    if any(offer.cost for offer in desk.terms.offers):
        yield desk.words.say("€ is the cheapest class of price, €€€ the dearest.")
    if any(offer.retires for offer in desk.terms.offers):
        yield desk.words.say("When a model ends is what Microsoft's schedule says; it may still be moved.")


def _head(words: Words) -> Row:
    titles = (
        words.say("Name"),
        words.say("Model"),
        words.say("Good for"),
        words.say("Price"),
        words.say("Processed"),
        words.say("Ends"),
    )
    return Row(titles, head=True, colon=words.colon)


def _row(offer: Offer, mine: bool, desk: Desk) -> Row:
    words, unknown = desk.words, desk.words.say("not known")
    name = words.say("{name} (yours)", name=offer.name) if mine else offer.name
    good_for, price = words.say(offer.good_for) or unknown, "€" * offer.cost or unknown
    return Row((name, offer.model or unknown, good_for, price, _where(offer, desk.terms, words), _when(offer, desk)))


def _where(offer: Offer, terms: Terms, words: Words) -> str:
    if terms.local:
        return words.say("on this computer")
    where = words.say(PROCESSED[offer.kind])
    regions = ", ".join(dict.fromkeys(endpoint.region for endpoint in terms.endpoints if endpoint.region))
    return words.say("{where}; its resource is in {regions}", where=where, regions=regions) if regions else where


def _when(offer: Offer, desk: Desk) -> str:
    return _ends(offer, desk, desk.words) or desk.words.say("not known")


def _ends(offer: Offer, desk: Desk, words: Words) -> str:
    """When the model behind a deployment ends; "" where nobody knows."""
    if offer.retires is None:
        return words.say("ended") if offer.ended else ""
    day = words.day(offer.retires)
    if offer.retires <= desk.now.date():
        return words.say("ended on {day}", day=day)
    return words.say("ends soon, on {day}", day=day) if offer.retiring(desk.now.date()) else day
