"""What people write about times, and what is meant by it. Now is Saturday, 21 November 2026, 10:00."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendar.calendar import FUTURE, POSSIBLE, REVERSED, SCHEDULES, Calendar
from bot.calendar.dates import SPANS
from bot.calendar.phrases import LANGUAGES as ROWED
from bot.calendar.windows import SKIPPED
from dialogs.errors import NotUnderstood
from dialogs.ports import Wish
from dialogs.talk import Person, Schedule, Window

CALENDAR = Calendar()
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ENGLISH = "en-GB"
LANGUAGES = (*ROWED, "ja")
"""All that are understood; Japanese is put into the words of English first."""


def a_person(locale: str = ENGLISH, zone: str = "UTC") -> Person:
    return Person("person", "tenant", locale=locale, zone=zone)


def wish(words: str, locale: str = ENGLISH, zone: str = "UTC", now: datetime = NOW) -> Wish:
    return CALENDAR.wish(words, a_person(locale, zone), now)


def window(words: str, locale: str = ENGLISH, zone: str = "UTC", now: datetime = NOW) -> str:
    """`11-16 .. 11-19`: in the person's zone, without what is midnight or of this year."""
    found = wish(words, locale, zone, now).window
    if found is None or found.last:
        return f"last {found.last}" if found else "none"
    ends = (end and end.astimezone(ZoneInfo(zone)) for end in (found.since, found.until))
    return (
        " .. ".join(f"{end:%Y-%m-%d %H:%M}" if end else "" for end in ends).replace(" 00:00", "").replace("2026-", "")
    )


def not_understood(words: str, locale: str = ENGLISH) -> str:
    with pytest.raises(NotUnderstood) as refusal:
        wish(words, locale)
    return refusal.value.detail


MEANT = """
11-21 ..              | today              | heute                        | aujourd'hui                     | hoy | 今日
11-20 .. 11-21        | yesterday          | gestern                      | hier                            | ayer | 昨日
11-19 .. 11-20        | the day before yesterday | vorgestern             | avant-hier                      | anteayer | 一昨日
11-16 ..              | this week          | diese Woche                  | cette semaine                   | esta semana | 今週
11-09 .. 11-16        | last week          | letzte Woche                 | la semaine dernière             | la semana pasada | 先週
11-01 ..              | this month         | diesen Monat                 | ce mois-ci                      | este mes | 今月
10-01 .. 11-01        | last month         | im letzten Monat             | le mois dernier                 | el mes pasado | 先月
11-20 10:00 ..        | last 24 hours      | die letzten 24 Stunden       | les dernières 24 heures         | las últimas 24 horas | 過去24時間
11-20 10:00 ..        | the past 24h       | letzte 24 Stunden            | les 24 dernières heures         | últimas 24 horas | 直近２４時間分
11-18 10:00 ..        | the last 3 days    | seit 3 Tagen                 | depuis trois jours              | desde hace 3 días | 3日前から
11-21 09:00 ..        | last hour          | letzte Stunde                | la dernière heure               | la última hora | 過去1時間
11-07 10:00 ..        | past two weeks     | die letzten zwei Wochen      | les deux dernières semaines     | las dos últimas semanas | 過去二週間
11-20 22:00 ..        | the last twelve hours | die letzten zwölf Stunden | les douze dernières heures      | las últimas doce horas | 直近十二時間
08-21 10:00 ..        | last three months  | die letzten drei Monate      | les trois derniers mois         | los últimos tres meses | 過去3か月
11-16 ..              | since Monday       | seit Montag                  | depuis lundi                    | desde el lunes | 月曜から
11-16 ..              | from Monday on     | ab Montag                    | à partir de lundi               | a partir del lunes | 月曜日以降
11-21 ..              | since Saturday     | seit Samstag                 | depuis samedi                   | desde el sábado | 土曜から
11-14 ..              | since last Saturday | seit letztem Samstag        | depuis samedi dernier           | desde el sábado pasado | この前の土曜から
11-20 ..              | since yesterday    | seit gestern                 | depuis hier                     | desde ayer | 昨日から
11-09 ..              | since last week    | seit letzter Woche           | depuis la semaine dernière      | desde la semana pasada | 先週から
11-20 ..              | since last Friday  | seit dem letzten Freitag     | depuis vendredi dernier         | desde el viernes pasado | 前の金曜から
11-03 ..              | since 3 November   | seit dem 3. November         | depuis le 3 novembre            | desde el 3 de noviembre | 11月3日から
2025-11-03 ..         | since November 3rd, 2025 | seit 3. Nov. 2025      | depuis le 3 novembre 2025       | desde el 3 de noviembre de 2025 | 2025年11月3日以降
11-01 ..              | since the 1st of November | seit dem 1. November  | depuis le 1er novembre          | desde el 1º de noviembre | 11/1から
11-02 ..              | since 2026-11-02   | seit 2026-11-02              | depuis 2026-11-02               | desde 2026-11-02 | 2026-11-02から
11-21 09:00 ..        | since 9:00         | seit 9 Uhr                   | depuis 9h                       | desde las 9 | 9時から
11-20 14:30 ..        | since 14:30        | seit 14.30 Uhr               | depuis 14h30                    | desde las 14:30 | 午後2時半から
11-20 14:00 ..        | since yesterday 14:00 | seit gestern 14 Uhr       | depuis hier à 14h               | desde ayer a las 14:00 | 昨日の14時から
11-20 21:00 ..        | since 9 p.m. yesterday | seit gestern um 9 Uhr abends | depuis hier à 9h du soir    | desde ayer a las 9 de la noche | 昨日の午後9時から
last 50               | last 50 messages   | die letzten 50 Nachrichten   | les 50 derniers messages        | los últimos 50 mensajes | 最新50件
last 7                | the seven latest posts | die sieben neuesten Beiträge | les sept derniers posts     | los últimos siete mensajes | 最新の7件の投稿
last 1                | last message       | letzte Nachricht             | le dernier message              | el último mensaje | 最新1件
11-03 .. 11-08        | from 3 to 7 November | vom 3. bis 7. November     | du 3 au 7 novembre              | del 3 al 7 de noviembre | 11月3日から7日まで
11-03 .. 11-08        | 3 – 7 Nov          | 3.–7. November                | 3-7 novembre                    | 3-7 noviembre | 11月3日～7日
11-03 .. 11-08        | between 3 and 7 November | zwischen dem 3. und dem 7. November | entre le 3 et le 7 novembre | entre el 3 y el 7 de noviembre | 11月3日〜11月7日
11-16 .. 11-19        | from Monday to Wednesday | von Montag bis Mittwoch | de lundi à mercredi            | de lunes a miércoles | 月曜から水曜まで
11-16 .. 11-19        | between Monday and Wednesday | zwischen Montag und Mittwoch | entre lundi et mercredi | entre el lunes y el miércoles | 月曜〜水曜
11-13 .. 11-17        | from Friday until Monday | von Freitag bis Montag | de vendredi jusqu'à lundi       | desde el viernes hasta el lunes | 金曜日から月曜日まで
11-20 .. 11-22        | from yesterday to today | von gestern bis heute   | d’hier à aujourd’hui            | desde ayer hasta hoy | 昨日から今日まで
11-16 ..              | since Monday until now | seit Montag bis jetzt    | depuis lundi jusqu'à maintenant | desde el lunes hasta ahora | 月曜から今まで
2025-12-20 .. 01-06   | from 20 December to 5 January | vom 20. Dezember bis 5. Januar | du 20 décembre au 5 janvier | del 20 de diciembre al 5 de enero | 12月20日から1月5日まで
11-20 09:00 .. 11-20 12:00 | from yesterday 9:00 to 12:00 | von gestern 9 Uhr bis 12 Uhr | d'hier 9h à 12h | desde ayer a las 9 hasta las 12 | 昨日の9時から12時まで
11-17 .. 11-18        | on Tuesday         | am Dienstag                  | mardi                           | el martes | 火曜日
11-16 .. 11-17        | on Monday, 16 November | am Montag, 16. November  | lundi 16 novembre               | el lunes 16 de noviembre | 11月16日(月)
11-03 .. 11-04        | on 3 November      | am 3. November               | le 3 novembre                   | el 3 de noviembre | １１月３日
2025-08-03 .. 2025-08-04 | 3 August 2025   | 3. August 2025               | 3 août 2025                     | 3 de agosto de 2025 | 2025年8月3日
2024-02-29 .. 2024-03-01 | 29 February     | 29. Februar                  | le 29 février                   | el 29 de febrero | 2月29日
..                    | the whole thread   | der ganze Thread             | tout le fil                     | todo el hilo | スレッド全体
..                    | this thread        | dieser Thread                | ce fil                          | este hilo | このスレッド
..                    | everything         | alles                        | tout                            | todo | すべて
11-16 ..              | everything since Monday please | bitte alles seit Montag | tout depuis lundi, s'il te plaît | por favor, todo desde el lunes | 月曜からお願いします
11-20 .. 11-21        | messages of yesterday in this thread | die Nachrichten von gestern | messages d'hier | los mensajes de ayer en este canal | このスレッドの昨日のメッセージを
none                  | please             | bitte                        | merci                           | por favor | お願いします
none                  | this channel       | diesen Kanal                 | ce canal                        | este canal | このチャネル
none                  |                    |                              |                                 | |
"""
ROWS = [[cell.strip() for cell in row.split("|")] for row in MEANT.strip().splitlines()]
MEANINGS = [(words, language, row[0]) for row in ROWS for language, words in zip(LANGUAGES, row[1:], strict=True)]


@pytest.mark.parametrize(("words", "language", "meant"), MEANINGS)
def test_a_window_is_understood_in_the_persons_own_language(words: str, language: str, meant: str) -> None:
    assert window(words, language).strip() == meant


@pytest.mark.parametrize(("words", "language", "meant"), MEANINGS)
def test_a_window_is_understood_in_every_other_language(words: str, language: str, meant: str) -> None:
    assert {window(words, other).strip() for other in ("ja-JP", "zh-CN", *LANGUAGES)} == {meant}


@pytest.mark.parametrize("words", ["TODAY", " Today. ", "‘today’", "tod\u200bay", "for today!", "today, please"])
def test_letter_case_and_signs_do_not_matter(words: str) -> None:
    assert wish(words) == wish("today")


@pytest.mark.parametrize("words", ["la semaine derniere", "semaine dernière", "LA SEMAINE DERNIÈRE"])
def test_accents_do_not_matter(words: str) -> None:
    assert window(words) == "11-09 .. 11-16"


@pytest.mark.parametrize(
    ("words", "locale", "meant"),
    [
        ("3/11/2026", "en-GB", "11-03 .. 11-04"),
        ("03/11/2026", "en-US", "03-11 .. 03-12"),
        ("3/11", "en-US", "03-11 .. 03-12"),
        ("3.11.", "en-GB", "11-03 .. 11-04"),
        ("seit 3.11.", "de-AT", "11-03 .."),
        ("seit 3.11.25", "de-DE", "2025-11-03 .."),
        ("seit 3.11.", "en-US", "11-03 .."),
        ("3.-7.11.", "de-DE", "11-03 .. 11-08"),
        ("depuis 03/11/2026", "fr-CA", "11-03 .."),
        ("since 03-11-2026", "en-IN", "11-03 .."),
        ("2026-11-03", "en-US", "11-03 .. 11-04"),
        ("25/10/2026", "en-US", "10-25 .. 10-26"),
        ("11/3", "ja-JP", "11-03 .. 11-04"),
        ("１１／３", "ja-JP", "11-03 .. 11-04"),
        ("2026/11/3", "ja-JP", "11-03 .. 11-04"),
        ("2026/11/3", "de-DE", "11-03 .. 11-04"),
        ("11/3から", "de-DE", "11-03 .."),
        ("3/11/2026", "no such locale", "11-03 .. 11-04"),
        ("3/11/2026", "", "11-03 .. 11-04"),
    ],
)
def test_numbers_are_a_date_in_the_order_of_the_locale(words: str, locale: str, meant: str) -> None:
    assert window(words, locale).strip() == meant


@pytest.mark.parametrize(
    ("words", "zone", "now", "since"),
    [
        ("today", "Europe/Berlin", datetime(2026, 11, 20, 23, 30, tzinfo=UTC), datetime(2026, 11, 20, 23, tzinfo=UTC)),
        ("today", "America/New_York", datetime(2026, 11, 21, 2, tzinfo=UTC), datetime(2026, 11, 20, 5, tzinfo=UTC)),
        (
            "since 28 March",
            "Europe/Madrid",
            datetime(2026, 3, 30, 9, tzinfo=UTC),
            datetime(2026, 3, 27, 23, tzinfo=UTC),
        ),
        (
            "since 30 March",
            "Europe/Madrid",
            datetime(2026, 3, 30, 9, tzinfo=UTC),
            datetime(2026, 3, 29, 22, tzinfo=UTC),
        ),
        (
            "since Sunday",
            "America/New_York",
            datetime(2026, 11, 2, 9, tzinfo=UTC),
            datetime(2026, 11, 1, 4, tzinfo=UTC),
        ),
        (
            "since Monday",
            "America/New_York",
            datetime(2026, 11, 2, 9, tzinfo=UTC),
            datetime(2026, 11, 2, 5, tzinfo=UTC),
        ),
        ("last 24 hours", "Europe/Madrid", datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 28, 9, tzinfo=UTC)),
        ("since 2:30", "Europe/Madrid", datetime(2026, 3, 29, 9, tzinfo=UTC), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        ("today", "Africa/Cairo", datetime(2026, 4, 24, 9, tzinfo=UTC), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("today", "Nowhere/At_All", NOW, datetime(2026, 11, 21, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_persons_own_midnight(words: str, zone: str, now: datetime, since: datetime) -> None:
    assert wish(words, zone=zone, now=now).window == Window(since)


def test_a_day_may_have_25_hours() -> None:
    found = wish("1 November", zone="America/New_York").window
    assert found and found.since and found.until and found.until - found.since == timedelta(hours=25)


def test_a_date_without_a_year_that_is_about_to_come_is_this_years() -> None:
    assert (not_understood("25 November"), window("30 November")) == (FUTURE, "2025-11-30 .. 2025-12-01")


def test_a_range_may_end_in_days_to_come() -> None:
    assert window("from 18 to 25 November") == "11-18 .. 11-26"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("{} in German", "de"),
        ("in German: {}", "de"),
        ("{}, auf Deutsch bitte", "de"),
        ("{} en allemand", "de"),
        ("{} en alemán", "de"),
        ("in English {}", "en"),
        ("auf Englisch {}", "en"),
        ("{} en français", "fr"),
        ("{} en francais", "fr"),
        ("{} in French", "fr"),
        ("{} en español", "es"),
        ("{} in Spanish", "es"),
        ("in Japanese, {} please", "ja"),
        ("{} in Norwegian Bokmål", "nb"),
        ("in Japanese: {}", "ja"),
        ("{} auf Japanisch", "ja"),
    ],
)
def test_a_language_may_be_named_before_or_after(words: str, language: str) -> None:
    window = Window(datetime(2026, 11, 16, tzinfo=UTC))
    assert [wish(words.format(said)) for said in ("", "since Monday")] == [Wish(None, language), Wish(window, language)]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("日本語で{}", "ja"),
        ("{}、日本語で", "ja"),
        ("{}ドイツ語でお願いします", "de"),
        ("英語で{}", "en"),
        ("　フランス語で　{}　", "fr"),
    ],
)
def test_a_language_may_be_named_in_japanese(words: str, language: str) -> None:
    window = Window(datetime(2026, 11, 16, tzinfo=UTC))
    assert [wish(words.format(said)) for said in ("", "月曜から")] == [Wish(None, language), Wish(window, language)]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("今週の月曜", "11-16 .. 11-17"),
        ("先週の月曜から", "11-09 .."),
        ("この前の土曜", "11-14 .. 11-15"),
        ("先週の金曜から今週の水曜まで", "11-13 .. 11-19"),
        ("3日から", "11-03 .."),
        ("25日から", "10-25 .."),
        ("3日から7日まで", "11-03 .. 11-08"),
        ("このチャンネルの昨日のやり取り", "11-20 .. 11-21"),
        ("昨日からの議論を", "11-20 .."),
        ("この3日間", "11-18 10:00 .."),
        ("24時間以内", "11-20 10:00 .."),
        ("三ヶ月前から", "08-21 10:00 .."),
        ("直近100通のメッセージ", "last 100"),
        ("正午から", "11-20 12:00 .."),
        ("今日中の分", "11-21 .."),
        ("3日の分", "11-03 .. 11-04"),
        ("11/3〜11/7", "11-03 .. 11-08"),
    ],
)
def test_japanese_says_more_of_times_without_blanks(words: str, meant: str) -> None:
    assert window(words, "ja-JP").strip() == meant


@pytest.mark.parametrize("words", ["ﾄﾞｲﾂ語で昨日", "昨日 ドイツ語で", "「昨日」をドイツ語で！", "昨日。ドイツ語で？"])
def test_the_signs_of_a_japanese_keyboard_do_not_matter(words: str) -> None:
    assert wish(words) == wish("yesterday in German")


@pytest.mark.parametrize(
    "words",
    [
        *("予算", "月曜までに資料を送る", "昨日のケーキについて", "先日から", "13月1日から", "2月31日", "昨日まで"),
        *("過去0件", "過去99999日", "毎日から", "25時から", "昨日今日", "月曜から月曜から", "宇宙語で", "〜〜〜"),
        *("の" * 200, "から" * 100, "1日から" * 40, "この" * 99, "1~" * 99 + "日"),
    ],
)
def test_other_japanese_words_are_asked_back(words: str) -> None:
    assert not_understood(words, "ja-JP") == POSSIBLE


@pytest.mark.parametrize(("words", "why"), [("明日", FUTURE), ("来週", FUTURE), ("今日から昨日まで", REVERSED)])
def test_a_japanese_window_that_cannot_be_is_refused_with_the_reason(words: str, why: str) -> None:
    assert not_understood(words, "ja-JP") == why


@pytest.mark.parametrize(
    "words",
    [
        *("1", "9", "the", "on", "in", "from", "since", "last", "may", "2026", "so", "off", "since 9"),
        *("since forever", "since the launch", "since the flood", "since May", "last may", "last moon", "last 10"),
        *("last friday's cake", "about pricing", "between us", "from 3 to 7", "3 days", "in 3 days", "since 9.30"),
        *("last 0 messages", "last 99999 days", "last 10000 messages", "last -5 days", "the last 99999999999 days"),
        *(
            "31 February",
            "31/2/2026",
            "2026-99-99",
            "2026-31-12",
            "since 24:00",
            "0000-01-01",
            "99999-01-01",
            "9999-12-31",
        ),
        *("on Monday, 17 November", "today and yesterday", "today today", "since Monday since Tuesday", "at 9:00"),
        *("in German in French", "auf", "in Klingonish", "heute kuchen", "depuis toujours", "desde siempre"),
        *("\x00", "today\x00", "to\x1bday", "\ud800", "9" * 200, "1." * 99, "- " * 99, "last " * 39, "x" * 100_000),
        *("de " * 66, "la de " * 33 + "x", "monday - " * 22, "3 may - " * 25, "ﷺ" * 200, "in " * 66, "١٢ نوفمبر"),
    ],
)
def test_other_words_are_asked_back_with_what_is_possible(words: str) -> None:
    assert not_understood(words) == POSSIBLE


@pytest.mark.parametrize("words", ["today" + " " * 196, "please " * 29 + "today"])
def test_a_text_of_more_than_200_characters_is_not_looked_at(words: str) -> None:
    assert not_understood(words) == POSSIBLE


@pytest.mark.parametrize(
    "words",
    [
        *("tomorrow", "morgen", "demain", "mañana", "next week", "nächste Woche", "la semaine prochaine"),
        *("la semana que viene", "since tomorrow", "next Monday", "vendredi prochain", "from 22 to 25 November"),
        *("2999-01-01", "since 11:00 tomorrow", "since today 11:00", "seit 2999-12-31"),
    ],
)
def test_a_window_in_the_future_is_refused_with_the_reason(words: str) -> None:
    assert not_understood(words) == FUTURE


@pytest.mark.parametrize(
    "words",
    [
        "from 7 to 3 November",
        "from yesterday to 2026-11-01",
        "zwischen heute und gestern",
        "from 12:00 to 9:00",
        "d'hier 9h à 9h",
    ],
)
def test_an_end_before_the_beginning_is_refused_with_the_reason(words: str) -> None:
    assert not_understood(words) == REVERSED


def test_an_hour_that_the_clocks_pass_over_is_refused_with_the_reason() -> None:
    day_after = datetime(2026, 3, 30, 10, 0, tzinfo=UTC)
    with pytest.raises(NotUnderstood) as refusal:
        CALENDAR.wish("from yesterday 2:00 to 3:00", a_person(zone="Europe/Madrid"), day_after)
    assert refusal.value.detail == SKIPPED


SCHEDULED = """
every day 09:00 | daily 9:00              | täglich 9:00            | tous les jours à 9h   | cada día a las 9 | 毎日9時
every day 09:00 | daily                   | täglich                 | chaque jour           | todos los días | 毎日
every day 09:00 | daily at 9              | täglich um 9            | tous les jours à 9    | diario 9:00 | 毎日9時に
every day 09:00 | Every day, 9am, please  | jeden Tag um 9 Uhr bitte | chaque jour à 9 heures | cada día a las 9 de la mañana | 毎朝９時、お願いします
every day 00:00 | 12am daily              | täglich 0 Uhr           | tous les jours à 0h   | cada día a las 0 | 毎日0時
0 09:00         | weekly Monday 9:00      | jeden Montag um 9 Uhr   | tous les lundis à 9h  | todos los lunes a las 9 | 毎週月曜9時
0 09:30         | Mondays 9:30            | montags um 9.30 Uhr     | chaque lundi à 9h30   | cada lunes a las 9:30 | 月曜の9時半
4 17:30         | every Friday at 17:30   | wöchentlich Freitag 17:30 | le vendredi à 17h30 | semanal viernes 17:30 | 毎週金曜日17時30分に
5 09:00         | every week on Saturdays | jede Woche am Samstag   | chaque samedi         | todos los sábados | 毎週土曜日
6 17:00         | every Sunday at 5 pm    | jeden Sonntag um 5 Uhr nachmittags | chaque dimanche à 5h du soir | cada domingo a las 5 de la tarde | 毎週日曜の午後5時
"""
TIMES = [[cell.strip() for cell in row.split("|")] for row in SCHEDULED.strip().splitlines()]


@pytest.mark.parametrize("locale", ["en-US", "de-DE", "fr-FR", "es-ES", "ja-JP"])
@pytest.mark.parametrize(("words", "meant"), [(words, row[0]) for row in TIMES for words in row[1:]])
def test_a_schedule_is_understood_in_every_language(words: str, meant: str, locale: str) -> None:
    found = CALENDAR.schedule(words, a_person(locale, "Europe/Madrid"))
    days = "every day" if found.weekday is None else found.weekday
    assert (f"{days} {found.hour:02}:{found.minute:02}", found.zone) == (meant, "Europe/Madrid")


@pytest.mark.parametrize(
    "words",
    [
        *("", "off", "weekly", "every", "9:00", "daily 25:00", "daily 9:99", "daily 13 pm", "every moon", "x" * 201),
        *("every next Monday", "weekly Monday and Tuesday", "hourly", "daily\x00", "every weekday", "daily 9:00 9:00"),
        *("平日9時", "毎日25時", "毎週", "毎週の9時", "先週の月曜9時", "毎日から9時"),
    ],
)
def test_other_schedules_are_asked_back_with_what_is_possible(words: str) -> None:
    with pytest.raises(NotUnderstood) as refusal:
        CALENDAR.schedule(words, a_person())
    assert refusal.value.detail == SCHEDULES


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+00:00")


@pytest.mark.parametrize(
    ("zone", "weekday", "clock", "after", "due"),
    [
        ("UTC", None, (9, 0), "2026-11-21T08:59", "2026-11-21T09:00"),
        ("UTC", None, (9, 0), "2026-11-21T09:00", "2026-11-22T09:00"),
        ("UTC", 0, (9, 0), "2026-11-21T10:00", "2026-11-23T09:00"),
        ("UTC", 0, (9, 0), "2026-11-23T09:00", "2026-11-30T09:00"),
        ("Asia/Tokyo", 0, (9, 0), "2026-11-22T12:00", "2026-11-23T00:00"),
        ("Pacific/Kiritimati", None, (0, 0), "2026-11-21T09:59", "2026-11-21T10:00"),
        ("Europe/Madrid", None, (9, 0), "2026-03-28T08:00", "2026-03-29T07:00"),
        ("Europe/Madrid", None, (2, 30), "2026-03-28T12:00", "2026-03-29T01:00"),
        ("Europe/Madrid", None, (2, 30), "2026-03-29T01:00", "2026-03-30T00:30"),
        ("Europe/Madrid", None, (2, 30), "2026-10-24T12:00", "2026-10-25T00:30"),
        ("Europe/Madrid", None, (2, 30), "2026-10-25T00:30", "2026-10-26T01:30"),
        ("America/New_York", 6, (2, 30), "2026-03-01T12:00", "2026-03-08T07:00"),
        ("America/New_York", 6, (1, 30), "2026-11-01T05:30", "2026-11-08T06:30"),
        ("Nowhere/At_All", None, (9, 0), "2026-11-21T08:00", "2026-11-21T09:00"),
    ],
)
def test_a_schedule_is_due_at_its_time_of_day(
    zone: str, weekday: int | None, clock: tuple[int, int], after: str, due: str
) -> None:
    assert CALENDAR.next(Schedule(*clock, zone, weekday), at(after)) == at(due)


def test_what_dates_need_can_be_loaded_before_the_first_one() -> None:
    CALENDAR.load()
    assert window("since 3 November") == "11-03 .. "


def test_every_language_has_every_word() -> None:
    counts = {(len(known.numbers), len(known.weekdays), *known.spans, *known.units) for known in ROWED.values()}
    assert counts == {(12, 7, *SPANS, "minute", "hour", "day", "week", "month", "message")}


PIECES = sorted({word for row in [*ROWS, *TIMES] for cell in row[1:] for word in cell.split()})
JAPANESE = [row[-1] for row in [*ROWS, *TIMES] if row[-1]]
TEXTS = st.one_of(
    st.text(max_size=220),
    st.lists(st.sampled_from([*JAPANESE, "の", "から", "まで", "3", "日"]), max_size=9).map("".join),
    st.lists(st.sampled_from([*PIECES, "-", "0", "31.", "2/2", "12/31/2026", "24:00", "9999-12-31"]), max_size=9).map(
        " ".join
    ),
)
PEOPLE = st.builds(
    a_person,
    st.sampled_from(["en-US", "de-DE", "fr-FR", "es-MX", "ja-JP", "pt-BR", "?"]),
    st.sampled_from(["UTC", "Europe/Madrid", "America/New_York", "Pacific/Kiritimati", "Pacific/Apia", "?"]),
)
TIMES_OF_DAY = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=300, deadline=None)
@given(TEXTS, PEOPLE, TIMES_OF_DAY)
def test_any_text_is_a_window_of_the_past_or_not_understood(words: str, person: Person, now: datetime) -> None:
    try:
        found = CALENDAR.wish(words, person, now).window or Window()
    except NotUnderstood as refusal:
        assert refusal.detail in (POSSIBLE, FUTURE, REVERSED, SKIPPED)
        return
    since, until = found.since or datetime.min.replace(tzinfo=UTC), found.until or datetime.max.replace(tzinfo=UTC)
    assert since <= now
    assert since < until


@settings(max_examples=150, deadline=None)
@given(TEXTS, PEOPLE, TIMES_OF_DAY)
def test_any_text_is_a_schedule_that_comes_due_or_not_understood(words: str, person: Person, now: datetime) -> None:
    try:
        due = CALENDAR.next(CALENDAR.schedule(words, person), now)
    except NotUnderstood:
        return
    assert timedelta() < due - now <= timedelta(days=8)
