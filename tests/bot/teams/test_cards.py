from bot.teams.cards import CONTENT_TYPE, adaptive, attachment
from dialogs.talk import Button, Card

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
    assert adaptive(CARD)["fallbackText"].startswith("Try **it**\n")


def test_it_is_attached_under_its_content_type() -> None:
    assert attachment(CARD).content_type == CONTENT_TYPE


def test_a_quiet_button_says_its_text_to_the_bot_alone() -> None:
    card = Card("Done", (), (Button("Post to the thread", "post 17", quiet=True),))
    assert adaptive(card)["actions"] == [
        {"type": "Action.Submit", "title": "Post to the thread", "data": {"say": "post 17"}}
    ]
