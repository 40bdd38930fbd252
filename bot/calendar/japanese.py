"""Times in Japanese, put into the English words that mean them: `昨日から` becomes `since yesterday`.

Floor 5, behind `bot.calendar`. Japanese has no blanks between its words and says behind a time whether it is a beginning or an
end, so no row of `bot.calendar.phrases` can describe it. What is not understood whole stays as it was written.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from babel import Locale

from dialogs.japanese import is_japanese

DAYS = {
    "今日|本日|きょう": "today",
    "一昨日|おととい|おとつい": "day before yesterday",
    "昨日|きのう": "yesterday",
    "明日|あした|あす": "tomorrow",
    "今週": "this week",
    "先週": "last week",
    "来週": "next week",
    "今月": "this month",
    "先月": "last month",
    "来月": "next month",
}
WEEKDAYS = dict(zip("月火水木金土日", ("mon", "tue", "wed", "thu", "fri", "sat", "sun"), strict=True))
WEEKS = {"先週": -1, "今週": 0, "来週": 1}
TURNS = {"この前": "last", "前回": "last", "前": "last", "今度": "next", "次": "next"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
UNITS = {
    "minutes": "分",
    "hours": "時間",
    "days": "日",
    "weeks": "週",
    "months": "(?:か|ヶ|カ|ヵ|ケ|箇)月",
    "messages": "(?:件|通)(?:の(?:メッセージ|投稿))?",
}
NUMBERS = {word: number for number, word in enumerate(("十二", "十一", *"十九八七六五四三二一"))}
EPOCH = date(2000, 1, 1)
"""Any day, where none is looked for."""
LATE = ("午後", "夕方", "夜")

_WEEKDAY = f"[{''.join(WEEKDAYS)}]"
_DAY = (
    rf"(?P<iso>[12]\d{{3}}-\d\d-\d\d)|(?P<named>{'|'.join(DAYS)})(?:中|一日)?"
    rf"|(?:(?P<week>{'|'.join(WEEKS)})の?|(?P<turn>{'|'.join(TURNS)})の)?(?P<weekday>{_WEEKDAY})曜日?"
    rf"|(?:(?P<year>[12]\d{{3}})[年/])?(?P<month>\d{{1,2}})[月/](?P<day>\d{{1,2}})日?(?:\({_WEEKDAY}\))?|(?P<alone>\d{{1,2}})日"
)
_CLOCK = (
    r"(?:(?P<half>午前|朝|午後|夕方|夜)の?)?(?P<hour>\d{1,2})(?:時(?:(?P<minute>[0-5]?\d)分|(?P<thirty>半))?|:(?P<past>[0-5]\d))"
    r"|(?P<noon>正午)"
)
_POINT = re.compile(rf"(?:(?:{_DAY})(?:の|,)?)?(?:{_CLOCK})?")
_UNIT = "|".join(f"(?P<{name}>{unit})" for name, unit in UNITS.items())
_COUNT = rf"(?P<count>[1-9]\d{{0,3}}|{'|'.join(NUMBERS)})(?:{_UNIT})"
_LAST = re.compile(rf"(?P<last>(?:過去|直近|最近|最新|最後|直前|ここ|この)の?)?{_COUNT}(?P<long>間|以内|分)?")
_AGO = re.compile(rf"{_COUNT}間?前")
_SEAM = re.compile("から|より|[~〜-]")
_SINCE = re.compile(r"(?P<rest>.+?)(?:から|以降|以来|より)(?:(?:今|いま|現在)まで)?")
_UNTIL = re.compile(r"(?:まで)?(?:の間)?$")
_PLACE = (
    r"(?:この|その|当)?(?:(?P<thread>スレッド)|チャット|チャンネル|チャネル|グループ|会話|ここ)(?P<whole>全体|全部|すべて)?"
    r"|(?:この|その)?(?:やり取り|やりとり|議論|話し合い|話題|話|内容|出来事|メッセージ|投稿|発言|分|もの|こと)"
)
_ALONE = re.compile(rf"(?:{_PLACE})(?:[のをには,]|(?<!ま)で|について)*")
_AHEAD = re.compile(rf"(?:{_PLACE})(?:[のをには,]|(?<!ま)で|について)+(?=.)")
_BEHIND = re.compile(rf"(?:(?:の|,|(?<=から)|(?<=以降)|(?<=まで))(?:{_PLACE}))?(?:[のをには,]|(?<!ま)で|について)*$")
_PLEASE = re.compile(r"(?:を|で)?(?:お願い(?:し|いたし|致し)ます|ください|下さい|お願い)[.!]*$")
_ALL = re.compile(r"(?:すべて|全て|全部|全体|最初から)(?:の(?:メッセージ|投稿))?")
_BRACKETS = dict.fromkeys(map(ord, "「」『』"))
_DAILY = re.compile(r"毎日|毎朝|日次")
_WEEKLY = re.compile(rf"(?:毎週|週次)?の?(?P<weekday>{_WEEKDAY})曜日?")


def window(text: str, today: date) -> str:
    """What Japanese words say of a window and a language, in English; other texts as they stand."""
    written = _narrow(text)
    if not is_japanese(written):
        return text
    rest, tongue = _tongue(written)
    rest = _PLEASE.sub("", rest).strip(",")
    asked = _asked(rest, today) if rest else ""
    return text if asked is None else f"{asked} {tongue}".strip()


def schedule(text: str) -> str:
    """The same of a schedule: `毎週月曜9時` is `weekly mon 9:00`."""
    written = _PLEASE.sub("", _narrow(text))
    if not is_japanese(written):
        return text
    written = written.strip("に,")
    for at in range(len(written), 0, -1):
        clock = _point(written[at:].lstrip("の,"), EPOCH)
        days = _often(written[:at].rstrip("の,"))
        if days and clock is not None and " " not in clock:
            return f"{days} {clock}".strip()
    return text


def _narrow(text: str) -> str:
    """Without blanks and wide signs; a comma for whatever parts a sentence."""
    return (
        re.sub("[、。,;]+", ",", "".join(unicodedata.normalize("NFKC", text).split()))
        .translate(_BRACKETS)
        .strip(",.!?:")
    )


def _often(text: str) -> str | None:
    if _DAILY.fullmatch(text):
        return "daily"
    found = _WEEKLY.fullmatch(text)
    return f"weekly {WEEKDAYS[found['weekday']]}" if found else None


def _tongue(text: str) -> tuple[str, str]:
    """The text without the language it names, and that language: `in German`."""
    found = _tongues().search(text)
    if found is None:
        return text, ""
    code = _codes()[found[1]]
    return text[: found.start()] + text[found.end() :], f"in {Locale('en').languages[code]}"


@cache
def _codes() -> dict[str, str]:
    return {name: code for code, name in Locale("ja").languages.items() if len(code) == len("ja")}


@cache
def _tongues() -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(_codes(), key=len, reverse=True)))
    return re.compile(rf"({names})で(?:の|,)*")


def _asked(text: str, today: date) -> str | None:
    if alone := _ALONE.fullmatch(text):
        whole = "whole" if alone["whole"] else "this"
        return f"{whole} {'thread' if alone['thread'] else 'chat'}"
    text = _BEHIND.sub("", _AHEAD.sub("", text, count=1), count=1)
    if not text:
        return None
    return _everything(text) or _last(text) or _since(text, today) or _range(text, today) or _point(text, today)


def _everything(text: str) -> str | None:
    return "everything" if _ALL.fullmatch(text) else None


def _last(text: str) -> str | None:
    found = _LAST.fullmatch(text)
    # A day and a month are as long as they are dates, unless something says that they are meant as lengths.
    if found is None or not (found["last"] or found["long"] or found["hours"] or found["messages"]):
        return None
    return f"last {_counted(found)}"


def _counted(found: re.Match[str]) -> str:
    count, unit = found["count"], next(name for name in UNITS if found[name])
    return f"{len(NUMBERS) - NUMBERS[count] if count in NUMBERS else count} {unit}"


def _since(text: str, today: date) -> str | None:
    found = _SINCE.fullmatch(text)
    if found is None:
        return None
    if ago := _AGO.fullmatch(found["rest"]):
        return f"since {_counted(ago)} ago"
    point = _point(found["rest"], today)
    return f"since {point}" if point else None


def _range(text: str, today: date) -> str | None:
    return next(_ranges(text, today), None)


def _ranges(text: str, today: date) -> Iterator[str]:
    for seam in _SEAM.finditer(text):
        one = _point(text[: seam.start()], today)
        other = _point(_UNTIL.sub("", text[seam.end() :]), today, follows=True)
        if one and other:
            yield f"from {one} to {other}"


def _point(text: str, today: date, *, follows: bool = False) -> str | None:
    """A day, a time of day, or both. Where it `follows` another, a number alone is of the month of that one."""
    found = _POINT.fullmatch(text)
    if found is None:
        return None
    day, clock = found["alone"] if follows and found["alone"] else _date(found, today), _clock(found)
    return None if day is None or clock is None else f"{day} {clock}".strip()


def _date(found: re.Match[str], today: date) -> str | None:
    """The day that is named; "" for none, None for one that there is not."""
    if found["named"]:
        return next(name for words, name in DAYS.items() if re.fullmatch(words, found["named"]))
    if found["weekday"]:
        return _weekday(found, today)
    if found["month"]:
        name = dict(enumerate(MONTHS, start=1)).get(int(found["month"]))
        return name and f"{found['day']} {name} {found['year'] or ''}".strip()
    return _latest(int(found["alone"]), today) if found["alone"] else found["iso"] or ""


def _weekday(found: re.Match[str], today: date) -> str:
    day = WEEKDAYS[found["weekday"]]
    if found["week"] is None:
        return f"{TURNS[found['turn']]} {day}" if found["turn"] else day
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=WEEKS[found["week"]])
    return (monday + timedelta(days=list(WEEKDAYS).index(found["weekday"]))).isoformat()


def _latest(day: int, today: date) -> str | None:
    """The latest day of that number."""
    before = (today - timedelta(days=back) for back in range(62))
    return next((each.isoformat() for each in before if each.day == day), None)


def _clock(found: re.Match[str]) -> str | None:
    """`9:30`; "" for none, None for one that there is not."""
    if found["noon"]:
        return "12:00"
    if found["hour"] is None:
        return ""
    hour, minute = int(found["hour"]), 30 if found["thirty"] else int(found["minute"] or found["past"] or 0)
    if found["half"] in LATE and hour < 12:
        hour += 12
    return f"{hour}:{minute:02}" if hour < 24 else None
