"""What the assistant says about itself."""

import pytest

from dialogs import help, privacy
from dialogs.choice import mean
from dialogs.menu import ANSWER, COMMANDS
from dialogs.ports import Dialog
from dialogs.talk import Answer, Event, PlaceKind
from dialogs.terms import Terms
from tests.dialogs.desk import NOW, FakeCalendar, ScriptedModel, a_desk, an_ask, shown


async def told(
    dialog: Dialog, kind: PlaceKind = PlaceKind.PERSONAL, terms: Terms | None = None, *, writes: bool = True
) -> Answer:
    return await shown(dialog, an_ask(kind=kind), a_desk(ScriptedModel(writes=writes), terms=terms))


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_the_welcome_says_in_three_lines_what_it_does_what_it_keeps_and_how_to_begin(kind: PlaceKind) -> None:
    [card] = (await told(help.welcome, kind, Terms(retention_days=12))).cards
    does, keeps, begins = card.lines
    assert "sum" in does and "kept for 12 days" in keeps and begins.startswith("To begin, ")


async def test_each_scope_has_a_welcome_of_its_own() -> None:
    cards = [(await told(help.welcome, kind)).cards[0] for kind in PlaceKind]
    assert len({(card.lines[0], card.lines[2]) for card in cards}) == len(PlaceKind)


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_every_button_of_the_welcome_is_a_command_that_works_at_once(kind: PlaceKind) -> None:
    [card] = (await shown(help.welcome, an_ask(kind=kind, event=Event.WELCOME), a_desk(ScriptedModel()))).cards
    meant = [mean(an_ask(button.text, kind), FakeCalendar(), NOW).command for button in card.buttons]
    assert card.buttons and ANSWER not in meant


async def test_under_the_welcome_of_a_channel_no_button_asks_about_the_thread_that_it_is() -> None:
    ask = an_ask(kind=PlaceKind.CHANNEL, event=Event.WELCOME)
    [card] = (await shown(help.welcome, ask, a_desk(ScriptedModel()))).cards
    assert [button.text for button in card.buttons] == ["catch me up", "privacy", "commands"]


async def test_what_the_company_has_switched_off_has_no_button() -> None:
    [card] = (await told(help.show, terms=Terms(30, off=frozenset({"summaries", "tasks"})))).cards
    assert [button.text for button in card.buttons] == ["settings", "privacy", "commands"]


async def test_in_local_mode_the_offline_engine_says_what_it_is() -> None:
    found = await told(help.welcome, terms=Terms(30, local=True), writes=False)
    assert "running locally on this computer with the offline engine: it quotes" in found.text
    assert "Azure" not in found.text


async def test_in_local_mode_with_a_model_nothing_is_claimed_of_it() -> None:
    found = await told(privacy.about, terms=Terms(30, local=True))
    assert "locally" in found.text and "offline" not in found.text


async def test_in_a_company_it_says_where_it_runs() -> None:
    assert "your company's own Azure" in (await told(privacy.about)).text


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_what_it_says_of_itself_is_not_marked_as_made_by_ai(kind: PlaceKind) -> None:
    assert not (await told(help.show, kind)).ai


async def test_help_names_every_command_somewhere() -> None:
    everywhere = " ".join([(await told(help.everything, kind)).text for kind in PlaceKind])
    assert [command.title for command in COMMANDS if f"**{command.title}" not in everywhere] == []


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_help_shows_the_card_of_the_welcome_again_and_leads_to_all_commands(kind: PlaceKind) -> None:
    [card], [first] = (await told(help.show, kind)).cards, (await told(help.welcome, kind)).cards
    assert card == first and card.buttons[-1].text == "commands"


@pytest.mark.parametrize("kind", [PlaceKind.CHANNEL, PlaceKind.GROUP])
async def test_where_people_talk_help_tells_of_windows_privacy_and_languages(kind: PlaceKind) -> None:
    text = (await told(help.everything, kind)).text
    wanted = ("since Monday", "from 3 to 7 November", "**privately**", "**in German**", "**digest off**", "**stop**")
    assert [words for words in wanted if words not in text] == []


async def test_only_in_a_channel_is_a_new_post_about_all_of_it() -> None:
    assert "in a new post, of the whole channel" in (await told(help.everything, PlaceKind.CHANNEL)).text
    assert "channel" not in (await told(help.everything, PlaceKind.GROUP)).text
