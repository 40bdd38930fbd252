"""What is said to people can be said in every language: nothing is missing, nothing is left over, nothing is lost."""

import ast
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from gettext import c2py

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.calendar.calendar import Calendar
from dialogs import choice
from dialogs.menu import CHATS, TYPED
from dialogs.talk import Ask, Person, Place, PlaceKind
from tests.structure.literals import called
from tests.structure.said import PLACEHOLDER, Refused, Said, bare, collected, names
from tests.structure.source import ROOT, listing, modules, parsed

FILES = sorted((ROOT / "bot" / "languages").glob("*.po"))
LANGUAGES = [path.stem for path in FILES]
EMPHASIS = "**"
"""What stands around the words that people may type."""
UNFRENCH = re.compile(
    "[ \N{NARROW NO-BREAK SPACE}](?=:)|(?<!\N{NARROW NO-BREAK SPACE})[;?!]|(?<!\N{NO-BREAK SPACE})»|«(?!\N{NO-BREAK SPACE})"
)
"""An ordinary blank before a colon, which a time or a command has none of; anything but the right one beside the others."""
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / "bot" / "languages" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def found() -> tuple[Said | Refused, ...]:
    return tuple(collected(modules()))


def texts() -> tuple[Said, ...]:
    return tuple(each for each in found() if isinstance(each, Said))


def entries(language: str) -> dict[str | tuple[str, ...], Message]:
    messages = [message for message in catalogue(language) if message.id]
    return {key if isinstance(key := message.id, str) else tuple(key): message for message in messages}


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def english(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def loose(text: str) -> Iterator[str]:
    """Emphasis that CommonMark does not see: with a sign inside its mark and a letter outside, as where no blanks are written."""
    parts = text.split(EMPHASIS)
    for before, part, after in zip(parts[:-2:2], parts[1:-1:2], parts[2::2], strict=True):
        if (signed(part[:1]) and lettered(before[-1:])) or (signed(part[-1:]) and lettered(after[:1])):
            yield part


def signed(char: str) -> bool:
    """Whether it is a sign; a placeholder's value is not known."""
    return char not in "{}" and char != "" and unicodedata.category(char)[0] in "PS"


def lettered(char: str) -> bool:
    return char.isalnum()


def numbers(language: str, form: int) -> set[int]:
    """The numbers that take a plural form."""
    rule = c2py(catalogue(language).plural_expr)
    return {number for number in range(200) if rule(number) == form}


def loose_signs(text: str) -> list[str]:
    """Where French wants another blank beside a sign, with what stands around it. Emphasis may stand between."""
    return [text[max(0, found.start() - 12) : found.end() + 6] for found in UNFRENCH.finditer(text)]


def wanting(language: str, message: Message) -> Iterator[str]:
    """Placeholders that a translation lacks or adds."""
    every = names("".join(english(message)))
    for at, text in enumerate(forms(message)):
        if names(text) - every or every - names(text) - spare(language, message, at):
            yield f"{language}: {english(message)[0]!r}: {text!r}"


def spare(language: str, message: Message, form: int) -> set[str]:
    """What a form need not hold: the number, where it stands for one thing alone as the English text does."""
    if len(english(message)) == 1 or 1 not in numbers(language, form):
        return set()
    single = numbers(language, form) == {1} or "number" not in names(english(message)[0])
    return {"number"} if single else set()


def uneven(language: str, message: Message) -> Iterator[str]:
    """Translations with other edges or another emphasis than the text."""
    text = english(message)[-1]
    edges = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    for form in forms(message):
        if (form[: len(form) - len(form.lstrip())], form[len(form.rstrip()) :]) != edges:
            yield f"{language}: other blanks at the edges: {form!r}"
        if form.count(EMPHASIS) != text.count(EMPHASIS):
            yield f"{language}: another emphasis: {form!r}"


def test_there_are_four_languages_beside_english() -> None:
    assert LANGUAGES == ["de", "es", "fr", "ja"]


def test_everything_said_can_be_looked_up_by_a_text_that_the_source_shows() -> None:
    refused = [each.place for each in found() if isinstance(each, Refused)]
    assert not refused, listing("texts that nobody can translate; hand `say` and `count` literals or a table", refused)


def test_no_answer_is_made_of_words_that_are_not_looked_up() -> None:
    assert not bare(modules()), listing("words in one language alone; say them through `words.say`", bare(modules()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_said_stands_in_every_language(language: str) -> None:
    known = entries(language)
    missing = sorted({f"{each.key!r} ({each.place})" for each in texts() if each.key not in known})
    assert not missing, listing(f"untranslated in {language}.po", missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_holds_what_is_no_longer_said(language: str) -> None:
    said = {each.key for each in texts()}
    unused = [repr(key) for key in entries(language) if key not in said]
    unused += [repr(key) for key in catalogue(language).obsolete]
    assert not unused, listing(f"no longer said in {language}.po", unused)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_placeholders_of_a_translation_are_those_of_the_text(language: str) -> None:
    wrong = [line for message in entries(language).values() for line in wanting(language, message)]
    assert not wrong, listing("other placeholders", wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_begins_ends_and_stresses_as_the_text(language: str) -> None:
    wrong = [line for message in entries(language).values() for line in uneven(language, message)]
    assert not wrong, listing("other edges", wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_translation_stresses_is_shown_so_by_a_client(language: str) -> None:
    wrong = [repr(form) for message in entries(language).values() for form in forms(message) if any(loose(f" {form} "))]
    assert not wrong, listing("emphasis that shows its stars", wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("と **help:**に", True), ("と**「help」** に", True), ("と **help:** に", False), ("**要約**は", False)],
)
def test_emphasis_beside_a_letter_is_found_where_it_ends_in_a_sign(text: str, wrong: bool) -> None:
    assert any(loose(text)) is wrong


def test_no_line_breaks_before_a_french_sign_or_inside_french_quotes() -> None:
    wrong = [each for message in entries("fr").values() for form in forms(message) for each in loose_signs(form)]
    assert not wrong, listing("U+00A0 before : and inside « », U+202F before ; ? !", wrong)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("à 9:00, **rewrite formal:**", 0),
        ("ici\u00a0: «\u00a0oui\u00a0», non\u202f; quoi\u202f? **Si**\u202f!", 0),
        ("ici : « oui », non ; quoi ? **Si** !", 6),
        ("ici\u202f: «\u202foui\u202f», non\u00a0; quoi? Si!", 6),
    ],
)
def test_a_blank_that_is_not_french_is_found(text: str, wrong: int) -> None:
    assert len(loose_signs(text)) == wrong


@pytest.mark.parametrize("text", ["résumé\u00a0: un texte", "en privé\u00a0: résumé", "qu’ai-je manqué\u202f?"])
def test_french_words_do_the_same_with_any_blank_before_their_sign(text: str) -> None:
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    assert done(f"**{text}**") == done(f"**{plain}**") != set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_is_there_in_every_plural_form_and_nobody_guessed_it(language: str) -> None:
    wrong = []
    for message in entries(language).values():
        whole = len(forms(message)) == (catalogue(language).num_plurals if len(english(message)) > 1 else 1)
        if message.fuzzy or not whole or not all(forms(message)):
            wrong.append(english(message)[0])
    assert not catalogue(language).fuzzy
    assert not wrong, listing(f"unfinished in {language}.po", wrong)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_commands_that_a_translation_names_do_the_same(language: str) -> None:
    wrong = [
        forms(message)[0]
        for message in entries(language).values()
        if not done(english(message)[0]) <= done(forms(message)[0])
    ]
    assert not wrong, listing("other commands", wrong)


def done(text: str) -> set[str]:
    """What the menu does in a group chat on the words that stand out in a text."""
    typed = [PLACEHOLDER.sub("2026-11-02", each) for each in text.split(EMPHASIS)[1::2]]
    asks = [Ask("1", Person("p", "t"), Place(PlaceKind.GROUP, "c"), words) for words in typed]
    return {choice.mean(ask, Calendar(), NOW).action for ask in asks} - {"answer"}


def test_every_head_of_a_table_has_the_colon_of_its_language() -> None:
    wrong = [
        f"{module.path}:{call.lineno}"
        for module in modules()
        for call in ast.walk(module.tree)
        if module.name != "bot.teams.looks" and isinstance(call, ast.Call) and colonless(call)
    ]
    assert not wrong, listing("hand `colon=words.colon` to what names values", wrong)


def colonless(call: ast.Call) -> bool:
    """Whether a head is made without the colon that its language has."""
    given = {each.arg for each in call.keywords}
    return called(call) == "Row" and "head" in given and "colon" not in given


def test_every_text_is_handed_the_names_it_holds() -> None:
    wrong = [
        f"{each.place} {each.key!r}"
        for each in texts()
        if each.given is not None and each.given | {"number"} != names(each.text + each.many) | {"number"}
    ]
    assert not wrong, listing("texts that are handed other names than they hold", wrong)


def test_braces_hold_names_and_nothing_else() -> None:
    plain = {each.text + each.many for each in texts()}
    wrong = [text for text in plain if text.count("{") != text.count("}") or text.count("{") != braces(text)]
    assert not wrong, listing("texts with other braces", wrong)


def braces(text: str) -> int:
    return sum(text.count(f"{{{name}}}") for name in names(text))


SAMPLE = """
from dialogs.errors import AssistantError

TITLES = {1: "One title", 2: "Another title"}
FORMS = {"a": ("{number} apple", "{number} apples")}
OTHER = ["Another line"]
MORE = ("One line",)
REASON = "Because."


class Late(AssistantError):
    '''Too
    late.'''


@dataclass
class Found:
    stopped: AssistantError
    missing: str = "A default"


def show(words, key, flag, found):
    say = words.say
    say("By another name")
    say(found.missing)
    say(found.stopped.text)
    for text in dict.fromkeys(each.stopped.text for each in key):
        say(text)
    say(chosen(key))
    words.say("A literal " "in two pieces")
    words.say(TITLES[key])
    words.say("Yes" if flag else "No")
    words.count(*FORMS[key], 3)
    lines = [words.say(line) for line in (OTHER if flag else MORE)]
    shown = [line for line in lines]
    for one, many in FORMS.values():
        words.count(one, many, 3)
    heading(words, "By a parameter")
    if flag:
        raise Late(words.say("In words, {name}", name=key))
    raise Late(REASON)


def heading(words, title):
    words.say(title)


def chosen(key):
    if key:
        return "A choice"
    Found(None, "By a field")
    return REASON
"""


def sample(text: str) -> list[Said | Refused]:
    root = parsed("dialogs.errors", 'class AssistantError(Exception):\n    """Wrong."""\n')
    return collected([root, parsed("sample", text)])


def test_the_collection_finds_texts_wherever_they_come_from() -> None:
    assert {each.key for each in sample(SAMPLE) if isinstance(each, Said)} == {
        "Wrong.",
        "Too late.",
        "Because.",
        "A literal in two pieces",
        "One title",
        "One line",
        "Another line",
        "Another title",
        "Yes",
        "No",
        "By a parameter",
        "By another name",
        "By a field",
        "In words, {name}",
        "A choice",
        ("{number} apple", "{number} apples"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "words.say(f'{number} of them')",
        "words.say('One ' + two)",
        "words.say(unknown)",
        "words.say(point.text)",
        "words.say(text=made())",
        "words.count('one', many(), 3)",
        "words.say(*texts)",
    ],
)
def test_the_collection_refuses_what_it_cannot_follow(text: str) -> None:
    assert [each for each in sample(text) if isinstance(each, Refused)] == [Refused("sample.py:1")]


@pytest.mark.parametrize("text", ["body.count('{')", "model.count(text)", "''.join(count)"])
def test_the_collection_leaves_other_counting_alone(text: str) -> None:
    assert len(sample(text)) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Say('Hello')", ["'Hello'"]),
        ("Note(f'Reading {number}…')", ["'Reading '"]),
        ("Card(words.say('A'), ('B',))", ["'B'"]),
        ("Button(words.say('Help'), 'help')", []),
        ("Say(f'**{words.say(title)}**')", []),
    ],
)
def test_words_that_are_not_looked_up_are_found(text: str, words: list[str]) -> None:
    assert bare([parsed("sample", text)]) == [f"sample.py:1 {each}" for each in words]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_command_is_called_by_a_word_of_the_language_where_it_has_one(language: str) -> None:
    # "chats" is a word of these languages too.
    own = {word: getattr(each, language) for each in TYPED if each is not CHATS for word in each.words}
    bold = {
        part for message in entries(language).values() for form in forms(message) for part in form.split(EMPHASIS)[1::2]
    }
    assert {word for word in bold if own.get(word) and word not in own[word]} == set()
