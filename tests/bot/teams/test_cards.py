import subprocess
import sys
from dataclasses import replace

import orjson

from bot.teams.adaptive import Element
from bot.teams.cards import CONTENT_TYPE, adaptive, attachment
from dialogs.cards import Bar, Button, Card, Chart, Choice, Field, Row
from tests.browser.gallery import gallery
from tests.world.faces import buttons

CARD = Card("Try **it**", ("[a link](https://evil.example)", "plain"), (Button("Summarise", "summarise today"),))


def test_a_card_is_an_adaptive_card_that_teams_shows() -> None:
    card = adaptive(CARD)
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.5")


def test_lines_are_runs_in_which_nothing_is_markup() -> None:
    lines = [block["inlines"][0] for block in adaptive(CARD)["body"][1:]]
    assert lines == [
        {"type": "TextRun", "text": "[a link](https://evil.example)"},
        {"type": "TextRun", "text": "plain"},
    ]


def test_the_heading_shows_as_it_was_written() -> None:
    heading = adaptive(CARD)["body"][0]
    assert (heading["style"], heading["text"]) == ("heading", r"Try \*\*it\*\*")


def test_a_button_says_its_text_in_the_persons_name() -> None:
    assert adaptive(CARD)["actions"] == [
        {
            "type": "Action.Submit",
            "title": "Summarise",
            "data": {"msteams": {"type": "imBack", "value": "summarise today"}},
        }
    ]


def test_clients_without_cards_get_the_text() -> None:
    assert adaptive(CARD)["fallbackText"] == "Try \\*\\*it\\*\\*\n[a link] (https[:]//evil[.]example)\nplain"


def test_what_a_client_would_fill_in_stays_as_it_was_written() -> None:
    card = adaptive(Card("{{DATE(x)}} ${y}", ("{{TIME(x)}}",), (Button("${z}", "go"),)))
    assert card["body"][0]["text"] == "{ {DATE(x)}} $ {y}"
    assert card["body"][1]["inlines"][0]["text"] == "{ {TIME(x)}}"
    assert card["actions"][0]["title"] == "$ {z}"


def test_a_heading_is_no_link_even_where_no_backslash_is_known() -> None:
    assert adaptive(Card("[pay](https://evil.example) <at>x</at>", ()))["body"][0]["text"] == (
        "[pay] (https[:]//evil[.]example) &lt; at&gt;x&lt; /at&gt;"
    )


def test_what_is_filled_in_already_is_not_touched() -> None:
    assert adaptive(replace(FORM, fields=(replace(TITLE, value="${x} {{y}}"),)))["body"][1]["value"] == "${x} {{y}}"


def test_it_is_attached_under_its_content_type() -> None:
    assert attachment(CARD).content_type == CONTENT_TYPE


def test_a_quiet_button_says_its_text_to_the_bot_alone() -> None:
    card = Card("Done", (), (Button("Post to the thread", "post 17", quiet=True),))
    assert adaptive(card)["actions"] == [
        {"type": "Action.Submit", "title": "Post to the thread", "data": {"say": "post 17"}}
    ]


TITLE = Field("title", "Title", value="Old", hint="A few words")
TONE = Field("tone", "Tone", "choice", "formal", (Choice("formal", "Formal"), Choice("plain", "**Plain**")))
FORM = Card(
    "Settings", (), (Button("Save", "save settings", quiet=True),), (TITLE, TONE, Field("note", "Note", "lines"))
)


def test_fields_are_inputs_under_their_names() -> None:
    line, choice, lines = adaptive(FORM)["body"][1:]
    assert (line["type"], line["id"], line["value"], line["isMultiline"]) == ("Input.Text", "title", "Old", False)
    assert (choice["type"], choice["value"], choice["style"]) == ("Input.ChoiceSet", "formal", "compact")
    assert choice["choices"][1] == {"title": "**Plain**", "value": "plain"}
    assert (lines["type"], lines["isMultiline"]) == ("Input.Text", True)


def test_a_value_that_is_no_choice_is_not_chosen() -> None:
    card = Card("Settings", (), fields=(replace(TONE, value="gone"),))
    assert "value" not in adaptive(card)["body"][1]


def test_a_grave_button_looks_like_it() -> None:
    card = Card("Forget?", (), (Button("Delete all", "delete", quiet=True, grave=True),))
    assert adaptive(card)["actions"][0]["style"] == "destructive"


ROWS = (
    Row(("Chat", "Last said"), head=True),
    Row(("[x](https://evil.example)", ""), (Button("Open", "open 1", quiet=True), Button("Delete", "d", True, True))),
)


def test_a_row_shows_its_cells_as_they_are_and_below_them_its_buttons() -> None:
    head, row = adaptive(Card("Chats", (), rows=ROWS))["body"][1:]
    assert [column["items"][0]["inlines"][0] for column in head["items"][0]["columns"]] == [
        {"type": "TextRun", "text": "Chat", "weight": "Bolder"},
        {"type": "TextRun", "text": "Last said", "weight": "Bolder"},
    ]
    columns, done = row["items"]
    assert columns["columns"][0]["items"][0]["inlines"][0]["text"] == "[x](https://evil.example)"
    assert [action["data"] for action in done["actions"]] == [{"say": "open 1"}, {"say": "d"}]


def names(card: Element) -> list[tuple[str, str | None]]:
    """What is read out of each button: its title, and what a client says beside or instead of it."""
    return [(one["title"], one.get("tooltip")) for one in buttons(card)]


def test_a_rows_buttons_say_what_they_are_about() -> None:
    rows = (replace(ROWS[1], cells=("Launch", "Monday")), replace(ROWS[1], cells=("Budget", "Monday")))
    assert names(adaptive(Card("Chats", (), rows=(ROWS[0], *rows)))) == [
        *[("Open", "Open, Launch"), ("Delete", "Delete, Launch")],
        *[("Open", "Open, Budget"), ("Delete", "Delete, Budget")],
    ]


def test_of_rows_that_begin_alike_the_buttons_say_more() -> None:
    rows = (replace(ROWS[1], cells=("Hello", "Monday", "2")), replace(ROWS[1], cells=("Hello", "Tuesday", "2")))
    found = [told for _, told in names(adaptive(Card("Chats", (), rows=rows)))]
    assert found == ["Open, Hello, Monday", "Delete, Hello, Monday", "Open, Hello, Tuesday", "Delete, Hello, Tuesday"]


def test_a_cards_own_button_is_called_as_it_says() -> None:
    assert names(adaptive(CARD)) == [("Summarise", None)]


async def test_no_two_buttons_of_a_card_sound_the_same_unless_they_do_the_same() -> None:
    alike = {}
    for piece in await gallery():
        heard: dict[tuple[str, str | None], set[bytes]] = {}
        for one in buttons(piece.content):
            heard.setdefault((one["title"], one.get("tooltip")), set()).add(orjson.dumps(one["data"]))
        if twins := [name for name, done in heard.items() if len(done) > 1]:
            alike[piece.name] = twins
    assert alike == {}


def text_of(block: Element) -> str:
    return "".join(run["text"] for run in block["inlines"])


LONG = (Row(("Model", "Good for", "Processed"), head=True), Row(("general", "questions", "Betriebsverfassungsgesetze")))


def test_a_table_that_no_phone_can_show_names_every_value_in_its_row() -> None:
    (entry,) = adaptive(Card("Models", (), rows=LONG))["body"][1:]
    assert list(map(text_of, entry["items"])) == [
        "general",
        "Good for: questions  ·  Processed: Betriebsverfassungsgesetze",
    ]


def test_a_value_follows_its_name_as_the_language_of_the_head_has_it() -> None:
    rows = (replace(LONG[0], colon="\N{NO-BREAK SPACE}: "), LONG[1])
    (entry,) = adaptive(Card("Models", (), rows=rows))["body"][1:]
    assert text_of(entry["items"][1]).startswith("Good for\N{NO-BREAK SPACE}: questions")


def test_a_table_of_short_words_stays_one() -> None:
    rows = (Row(("Region", "Q1", "Q2", "Q3", "Q4"), head=True), Row(("North", "1", "2", "3", "4")))
    assert [row["items"][0]["type"] for row in adaptive(Card("Table", (), rows=rows))["body"][1:]] == ["ColumnSet"] * 2


def test_a_list_without_heads_is_a_name_and_what_is_known_of_it() -> None:
    rows = (Row(("Launch", "Monday", "", "6 messages"), ROWS[1].buttons),)
    (entry,) = adaptive(Card("Chats", (), rows=rows))["body"][1:]
    name, known, done = entry["items"]
    assert (text_of(name), text_of(known)) == ("Launch", "Monday  ·  6 messages")
    assert [action["title"] for action in done["actions"]] == ["Open", "Delete"]


def test_the_first_button_of_a_form_stands_out_and_of_no_other_card() -> None:
    both = (*FORM.buttons, Button("Back", "back"))
    assert [one.get("style") for one in adaptive(replace(FORM, buttons=both))["actions"]] == ["positive", None]
    assert [one.get("style") for one in adaptive(Card("Try", (), both))["actions"]] == [None, None]


def test_what_cannot_be_taken_back_stands_in_a_frame() -> None:
    card = Card("Forget?", ("All of it.", "For good."), (Button("Forget me", "yes", quiet=True, grave=True),))
    (frame,) = adaptive(card)["body"][1:]
    assert (frame["style"], list(map(text_of, frame["items"]))) == ("attention", ["All of it.", "For good."])


def test_small_print_stands_last() -> None:
    *_, small = adaptive(replace(FORM, foot=("For you alone.",)))["body"]
    assert small["inlines"] == [{"type": "TextRun", "text": "For you alone.", "size": "Small", "isSubtle": True}]


def test_more_buttons_than_teams_shows_side_by_side_stand_in_rows() -> None:
    card = adaptive(Card("Many", (), tuple(Button(f"b{number}", "x") for number in range(8))))
    (above,) = card["body"][1:]
    rows = [[one["title"] for one in row] for row in (above["actions"], card["actions"])]
    assert rows == [["b0", "b1", "b2", "b3"], ["b4", "b5", "b6", "b7"]]


def test_what_is_read_out_says_rows_charts_fields_and_small_print_too() -> None:
    card = Card("All", ("lead",), (), (TITLE,), LONG, Chart("Tokens", (Bar("Mon", 3),)), ("small",))
    assert adaptive(card)["speak"].split("\n") == [
        "All",
        "lead",
        "Tokens: Mon: 3",
        "Model, Good for, Processed",
        "general, questions, Betriebsverfassungsgesetze",
        "Title",
        "small",
    ]


def test_numbers_of_a_card_are_whole() -> None:
    written = orjson.dumps(adaptive(replace(FORM, chart=CHART, rows=ROWS)))
    assert b".0" not in written


def test_the_library_is_no_part_of_the_start() -> None:
    asked = "import sys, bot.teams.cards; sys.exit('microsoft_teams.cards' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


def test_rows_that_do_not_fit_are_counted() -> None:
    rows = tuple(Row((f"row {number}", "x" * 300), ROWS[1].buttons) for number in range(100))
    card = adaptive(Card("Chats", (), FORM.buttons, FORM.fields, rows))
    shown = [block for block in card["body"] if block["type"] == "Container"]
    (left,) = (block["inlines"][0]["text"] for block in card["body"] if block["type"] == "RichTextBlock")
    assert left == f"+ {100 - len(shown)} …" and 20 < len(shown) < 100
    assert 20_000 < len(orjson.dumps(card)) < 28_000


def test_lines_that_do_not_fit_are_counted() -> None:
    card = adaptive(Card("Long", ("é" * 1000,) * 50))
    assert card["body"][-1]["inlines"][0]["text"].startswith("+ ") and len(orjson.dumps(card)) < 28_000


CHART = Chart("Tokens", (Bar("Mon", 12_000, "12’000"), Bar("Tue", 0), Bar("Wed", 1)), "tokens")


def test_a_chart_is_teams_own_picture() -> None:
    chart = adaptive(Card("Usage", (), chart=CHART))["body"][1]
    assert (chart["type"], chart["title"], chart["yAxisTitle"]) == ("Chart.VerticalBar", "Tokens", "tokens")
    assert chart["data"] == [{"x": "Mon", "y": 12_000}, {"x": "Tue", "y": 0}, {"x": "Wed", "y": 1}]


def test_where_no_picture_is_drawn_the_bars_are_blocks_with_their_numbers() -> None:
    heading, *bars = adaptive(Card("Usage", (), chart=CHART))["body"][1]["fallback"]["items"]
    texts = [[column["items"][0]["inlines"][0]["text"] for column in bar["columns"]] for bar in bars]
    assert heading["inlines"][0]["text"] == "Tokens (tokens)"
    assert texts == [
        ["Mon", "█" * 10, "12’000"],
        ["Tue", "\N{NO-BREAK SPACE}", "0"],
        ["Wed", "█", "1"],
    ]


def test_a_charts_numbers_are_read_out_as_they_are_shown() -> None:
    assert adaptive(Card("Usage", (), chart=CHART))["speak"].endswith("Tokens: Mon: 12’000; Tue: 0; Wed: 1")


def test_the_numbers_of_a_chart_are_read_out_as_its_language_has_it() -> None:
    chart = replace(CHART, colon="\N{NO-BREAK SPACE}: ", bars=CHART.bars[1:2])
    spoken = adaptive(Card("Usage", (), chart=chart))["speak"]
    assert spoken.endswith("Tokens\N{NO-BREAK SPACE}: Tue\N{NO-BREAK SPACE}: 0")


def test_a_chart_of_nothing_is_drawn() -> None:
    chart = adaptive(Card("Usage", (), chart=Chart("Tokens", (Bar("Mon", 0),))))["body"][1]
    assert chart["fallback"]["items"][0]["inlines"][0]["text"] == "Tokens"
