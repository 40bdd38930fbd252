from dataclasses import replace

import orjson

from bot.teams.cards import CONTENT_TYPE, adaptive, attachment
from dialogs.cards import Bar, Button, Card, Chart, Choice, Field, Row

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
    columns, buttons = row["items"]
    assert columns["columns"][0]["items"][0]["inlines"][0]["text"] == "[x](https://evil.example)"
    assert [action["data"] for action in buttons["actions"]] == [{"say": "open 1"}, {"say": "d"}]


def test_a_table_of_many_columns_is_as_wide_as_it_can_be() -> None:
    assert adaptive(Card("Usage", (), rows=(Row(("1", "2", "3", "4", "5")),)))["msteams"] == {"width": "Full"}


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


CHART = Chart("Tokens", (Bar("Mon", 12_000), Bar("Tue", 0), Bar("Wed", 1)), "tokens")


def test_a_chart_is_teams_own_picture() -> None:
    chart = adaptive(Card("Usage", (), chart=CHART))["body"][1]
    assert (chart["type"], chart["title"], chart["yAxisTitle"]) == ("Chart.VerticalBar", "Tokens", "tokens")
    assert chart["data"] == [{"x": "Mon", "y": 12_000}, {"x": "Tue", "y": 0}, {"x": "Wed", "y": 1}]


def test_where_no_picture_is_drawn_the_bars_are_blocks_with_their_numbers() -> None:
    heading, *bars = adaptive(Card("Usage", (), chart=CHART))["body"][1]["fallback"]["items"]
    texts = [[column["items"][0]["inlines"][0]["text"] for column in bar["columns"]] for bar in bars]
    assert heading["inlines"][0]["text"] == "Tokens (tokens)"
    assert texts == [
        ["Mon", "█" * 16, "12\N{NARROW NO-BREAK SPACE}000"],
        ["Tue", "\N{NO-BREAK SPACE}", "0"],
        ["Wed", "█", "1"],
    ]


def test_a_chart_of_nothing_is_drawn() -> None:
    chart = adaptive(Card("Usage", (), chart=Chart("Tokens", (Bar("Mon", 0),))))["body"][1]
    assert chart["fallback"]["items"][0]["inlines"][0]["text"] == "Tokens"
