"""The tasks as a table, and how people type them.

Floor 3. Everything that differs between two tasks stands in `TASKS`; a new one is a new line there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import Literal

from dialogs.plain import cut, line

Asks = Literal["", "style", "language", "question", "kinds", "columns", "code"]
Heeds = frozenset[Literal["length", "tone", "language", "creativity"]]

STYLES: Mapping[str, str] = {
    "better": "Clear and correct",
    "grammatical": "Only grammar and spelling",
    "simpler": "Simpler",
    "shorter": "Shorter",
    "formal": "More formal",
}
"""How a text is rewritten, and what that is called."""
MANNERS: Mapping[str, str] = {
    "better": "so that it is clear and correct, in the same tone and length",
    "grammatical": "with its grammar, spelling and punctuation put right; change nothing else",
    "simpler": "in plain words and short sentences that anybody understands",
    "shorter": "in at most half as many words, with nothing left out that matters",
    "formal": "formally and politely, as in a business letter",
}
ALIKE: Mapping[str, str] = {
    "grammar": "grammatical",
    "grammatically": "grammatical",
    "correct": "grammatical",
    "correctly": "grammatical",
    "simple": "simpler",
    "plain": "simpler",
    "simply": "simpler",
    "short": "shorter",
    "concise": "shorter",
    "briefer": "shorter",
    "formally": "formal",
    "polite": "formal",
    "politely": "formal",
    "clear": "better",
    "clearer": "better",
    "clearly": "better",
}
"""Other words for a style."""
TONGUES: Mapping[str, str] = {
    "English": "English",
    "German": "Deutsch",
    "French": "Français",
    "Spanish": "Español",
    "Italian": "Italiano",
    "Portuguese": "Português",
    "Dutch": "Nederlands",
    "Polish": "Polski",
    "Czech": "Čeština",
    "Danish": "Dansk",
    "Swedish": "Svenska",
    "Norwegian": "Norsk",
    "Finnish": "Suomi",
    "Hungarian": "Magyar",
    "Romanian": "Română",
    "Greek": "Ελληνικά",
    "Turkish": "Türkçe",
    "Ukrainian": "Українська",
    "Russian": "Русский",
    "Arabic": "العربية",
    "Hebrew": "עברית",
    "Hindi": "हिन्दी",
    "Chinese": "中文",
    "Japanese": "日本語",
    "Korean": "한국어",
}
"""Languages that a card offers, as English and as they call themselves; another one can be typed."""
LANGUAGES = """
afrikaans afrikáans albanais albanian albanisch albanés alemán allemand amharic amharique amharisch amárico anglais
arabe arabic arabisch armenian armenio armenisch arménien aserbaidschanisch azerbaijani azerbaiyano azerbaïdjanais
bangla baskisch basque belarusian belarussisch bengali bengalisch bengalí bielorruso birman birmanisch birmano
biélorusse bokmal bokmål bosnian bosniaque bosnio bosnisch bulgare bulgarian bulgarisch burmese búlgaro canarés
cantonese catalan catalán checo chinese chinesisch chino chinois cingalais cingalés coreano coréen croata croate
croatian czech danish danois danés deutsch dutch dänisch englisch english escocés eslovaco esloveno espagnol español
esperanto espéranto estnisch estonian estonien estonio euskera farsi filipino finnisch finnish finnois finés flemish
francés französisch français french gaelic galician galicien galicisch gallego gallois galés georgian georgiano
georgisch german goudjarati grec greek griechisch griego gujarati guyaratí gälisch géorgien haoussa hausa haussa
hebreo hebrew hebräisch hindi hongrois hungarian hébreu húngaro icelandic igbo indonesian indonesio indonesisch
indonésien inglés irisch irish irlandais irlandés islandais islandés isländisch italian italiano italien italienisch
japanese japanisch japonais japonés jemer jiddisch kannada kasachisch katalanisch kazajo kazakh khmer kirghize
kirgisisch kirguís korean koreanisch kroatisch kurde kurdisch kurdish kurdo kyrgyz lao laotisch latein latin latvian
latín lettisch letton letón litauisch lithuanian lituanien lituano luxembourgeois luxembourgish luxemburgisch
luxemburgués macedonian macedonio macédonien malaiisch malais malay malayalam malayo malayálam maltais maltese
maltesisch maltés mandarin marathi maratí mazedonisch mongol mongolian mongolisch neerlandés nepalesisch nepali nepalí
niederländisch norwegian norwegisch nynorsk néerlandais népalais ourdou ouzbek pachto paschtu pashto pastún pendjabi
persa persan persian persisch polaco polish polnisch polonais portugais portugiesisch portuguese portugués punjabi
punyabí romanian roumain rumano rumänisch ruso russe russian russisch schwedisch serbe serbian serbio serbisch
singhalesisch sinhala slovak slovaque slovenian slovène slowakisch slowenisch somali somalí spanisch spanish suaheli
suajili sueco suédois swahili swedish tagalo tagalog tailandés tamil tamoul tchèque telugu thai thailändisch thaï
tschechisch turc turco turkish télougou türkisch ucraniano ukrainian ukrainien ukrainisch ungarisch urdu usbekisch
uzbek uzbeko vietnamese vietnamesisch vietnamien vietnamita walisisch welsh xhosa yiddish yidis yoruba zoulou zulu
zulú árabe écossais
"""
"""Other languages that can be typed, as English, German, French and Spanish call them (Unicode CLDR), by their last word."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that is done with a text. `{detail}` in its instructions is what it `asks` for beside the text.

    `words` are what is typed before the colon, `…` for the detail, with the detail that they mean by themselves.
    `usual` is the detail of who gives none. `heeds` are the preferences that make sense for it. `long`: a long text is done
    piece by piece. `quoting`: the offline engine can do it. `given`: the text is no data but says what is wanted.
    """

    name: str
    words: Mapping[str, str]
    heading: str
    explains: str
    instructions: str
    starter: str
    asks: Asks = ""
    usual: str = ""
    heeds: Heeds = field(default_factory=frozenset)
    long: bool = False
    quoting: bool = False
    given: bool = False


TASKS = (
    Task(
        "summarise",
        {"summarise": "", "summarize": "", "sum up": "", "summary of": "", "summary": "", "tl;dr": "", "tldr": ""},
        "Summarise a text",
        "What it comes down to",
        "Summarise it in the language it is written in: first one sentence with what it comes down to, then its most "
        "important points as a short list. Say nothing that is not in it.",
        "summarise: ",
        heeds=frozenset({"length", "tone", "language"}),
        quoting=True,
    ),
    Task(
        "rewrite",
        {
            "rewrite …": "",
            "rewrite": "better",
            "make …": "",
            "improve": "better",
            "correct": "grammatical",
            "proofread": "grammatical",
            "fix grammar": "grammatical",
            "simplify": "simpler",
            "shorten": "shorter",
        },
        "Rewrite a text",
        "Correct, simpler, shorter or more formal",
        "Rewrite it {detail}. Keep its language, its meaning, its names and its numbers. Write the new text and nothing else.",
        "rewrite shorter: ",
        asks="style",
        usual="better",
        heeds=frozenset({"creativity"}),
        long=True,
    ),
    Task(
        "translate",
        {"translate to …": "", "translate into …": "", "translate in …": "", "translate": ""},
        "Translate a text",
        "Into another language",
        "Translate it into {detail}. Keep its tone, its layout, its names and its numbers. Write the translation and nothing "
        "else.",
        "translate to English: ",
        asks="language",
        heeds=frozenset({"creativity"}),
        long=True,
    ),
    Task(
        "answer",
        {"answer from": "", "answer … from": "", "answer": ""},
        "Answer from a text",
        "A question, answered by what the text says and nothing else",
        "Answer the question that stands above the document marks from the text alone, in the language of the question, and "
        "quote the words that your answer rests on. Where the text holds no answer, say so and do not guess.",
        "answer from: ",
        asks="question",
        heeds=frozenset({"length", "tone", "language"}),
        quoting=True,
    ),
    Task(
        "sentiment",
        {"sentiment of": "", "sentiment": "", "mood of": "", "tone of": ""},
        "Sentiment of a text",
        "Positive, negative or mixed, and where one sees it",
        "Say in {tongue} whether its sentiment is positive, neutral, negative or mixed, how strongly, and with which feelings. "
        "Then quote the words that show it, at most five. Judge the words, not the person.",
        "sentiment: ",
        heeds=frozenset({"language"}),
    ),
    Task(
        "classify",
        {"classify as …": "", "classify into …": "", "classify": "", "sort into …": ""},
        "Classify a text",
        "Which of several kinds it is, or each of its lines",
        "Say in {tongue} which of these kinds it is, and why in one sentence; where it is a list, do so for each item, a line "
        "each. Where none fits, say so. The kinds: {detail}",
        "classify as question, complaint, praise: ",
        asks="kinds",
        usual="a few that suit it, which you name first",
        heeds=frozenset({"language"}),
    ),
    Task(
        "table",
        {
            "parse into a table with …": "",
            "parse into a table": "",
            "table with …": "",
            "make a table": "",
            "table": "",
        },
        "Make a table of a text",
        "What it says, in rows and columns",
        "Put what it says into one table in Markdown: a row for each thing, in the words of the text; a cell stays empty where "
        "the text says nothing. Write the table and nothing else. Its columns: {detail}",
        "table with name, date, amount: ",
        asks="columns",
        usual="those that suit it, at most six",
    ),
    Task(
        "code",
        {"write code in …": "", "write code": "", "write … code": "", "code in …": ""},
        "Write code",
        "A short program that does what you say",
        "Write code that does what is asked below, in {detail}, in one code block with few comments. After it, say in at most "
        "three sentences in {tongue} how it is used and what it does not handle.",
        "write code in Python: ",
        asks="code",
        usual="the language that suits it",
        heeds=frozenset({"language", "creativity"}),
        given=True,
    ),
    Task(
        "explain",
        {"explain code": "", "explain the code": "", "what does code do": ""},
        "Explain code",
        "What it does, step by step",
        "It is code. Explain in {tongue} what it does, first in one sentence and then step by step, and name what is wrong or "
        "risky in it.",
        "explain code: ",
        heeds=frozenset({"length", "tone", "language"}),
    ),
)
BY_NAME: Mapping[str, Task] = MappingProxyType({task.name: task for task in TASKS})
LONGEST = 300
"""Characters of what a task asks for beside the text."""
SHORT = 80
"""Characters of a text that is too short to be summed up: rather a time or a place is named."""

_OPENING = re.compile(r"([^:\n]{1,160})(:|\n|$)")
_FILLER = re.compile(
    r" (?:(?:this|that|the|my|following|below) )*(?:text|message|e-?mail|paragraph|list|email)\b| (?:this|the following|following|below)(?= |$)",
    re.IGNORECASE,
)
_LAST = re.compile(r" (?:this|that|it|your (?:last )?answer|the last answer)(?= |$)", re.IGNORECASE)
_POLITE = re.compile(r"^/?(?:please |can you |could you )?", re.IGNORECASE)
_ANY = ("a", "some", "the", "me some", "me")
"""What may stand where the language of code does, and names none."""
_LANGUAGE = re.compile(r"[^\W\d_][\w ()'’-]{1,39}")
_ASKED = re.compile(r"\s*([^\n]{3,300}\?)[ \t]*\n+(.+)", re.DOTALL)
_ENDED = re.compile(r"(.+)\n+[ \t]*([^\n]{3,300}\?)\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Call:
    """A task that somebody typed. `last`: it is to be done with the assistant's last answer."""

    task: Task
    detail: str = ""
    text: str = ""
    last: bool = False


def called(typed: str) -> Call | None:
    """The task that a message asks for; None where it asks for none. Line breaks of its text are kept."""
    opening = _OPENING.match(typed.strip())
    if opening is None or _POLITE.sub("", opening[1]).partition(" ")[0].casefold() not in _begun():
        return None
    head, body = line(opening[1]), typed.strip()[opening.end() :].strip()
    if opening[2]:
        found = _meant(head, body, without=_FILLER)
        return None if found and found.task is TASKS[0] and (len(body) < SHORT or body.startswith("#")) else found
    found = _meant(head, "", without=_LAST) if _LAST.search(head) else None
    return Call(found.task, found.detail, last=True) if found and found.task is not TASKS[0] else None


def detail(task: Task, asked: str) -> str:
    """What a task asks for beside its text, as it may be used; "" where it is none."""
    asked = cut(line(asked), LONGEST)
    if task.asks == "style":
        word = asked.casefold().removeprefix("more ").removeprefix("it ")
        return ALIKE.get(word, word if word in STYLES else "")
    if task.asks == "language":
        return (asked.title() if asked.islower() else asked) if _is_language(asked) else ""
    if task.asks == "code" and asked.casefold() in _ANY:
        return task.usual
    return asked if task.asks else ""


def apart(text: str) -> tuple[str, str] | None:
    """The question that stands above or below a text, and the text; None where there is none."""
    if above := _ASKED.match(text):
        return above[1].strip(), above[2]
    if below := _ENDED.match(text):
        return below[2].strip(), below[1]
    return None


def _is_language(name: str) -> bool:
    """Whether it is one we have heard of, whatever stands before it or in brackets behind it: Swiss German, English (UK)."""
    spoken = name.partition("(")[0].casefold().split()[-1:]
    return _LANGUAGE.fullmatch(name) is not None and bool(spoken) and spoken[0] in _tongues()


def _meant(head: str, body: str, without: re.Pattern[str]) -> Call | None:
    head = _POLITE.sub("", head)
    plainer = line(without.sub("", f" {head}"))
    calls = (_call(task, text, body) for text in (head, plainer) for task in TASKS)
    return next((call for call in calls if call), None)


def _call(task: Task, head: str, body: str) -> Call | None:
    folded = head.casefold()
    for words, meant in task.words.items():
        begins = folded.startswith(words.partition(" …")[0])
        found = _pattern(words).fullmatch(head) if begins else None
        if found is None:
            continue
        asked = found.groupdict().get("detail")
        if asked is None:
            return Call(task, meant, body) if words != "answer" or apart(body) else None
        if known := detail(task, asked):
            return Call(task, known, body)
    return None


@cache
def _tongues() -> frozenset[str]:
    return frozenset(LANGUAGES.split()) | {each.casefold() for names in TONGUES.items() for each in names}


@cache
def _begun() -> frozenset[str]:
    """The words that a task begins with: most texts begin with none of them."""
    return frozenset(words.partition(" ")[0] for task in TASKS for words in task.words)


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(re.escape(words).replace("…", "(?P<detail>.+)"), re.IGNORECASE)
