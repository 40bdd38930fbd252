"""What the assistant says about itself."""

import pytest

from dialogs import help, privacy
from dialogs.menu import COMMANDS
from dialogs.ports import Dialog
from dialogs.talk import Answer, PlaceKind
from dialogs.terms import Terms
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, shown


async def told(
    dialog: Dialog, kind: PlaceKind = PlaceKind.PERSONAL, terms: Terms | None = None, *, writes: bool = True
) -> Answer:
    return await shown(dialog, an_ask(kind=kind), a_desk(ScriptedModel(writes=writes), terms=terms))


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_the_welcome_says_what_is_kept_and_for_how_long(kind: PlaceKind) -> None:
    found = await told(help.welcome, kind, Terms(retention_days=12))
    assert "is kept for 12 days" in found.text


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
    everywhere = " ".join([(await told(help.show, kind)).text for kind in PlaceKind])
    assert [command.title for command in COMMANDS if f"**{command.title}" not in everywhere] == []


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_help_comes_with_buttons(kind: PlaceKind) -> None:
    assert [len(card.buttons) for card in (await told(help.show, kind)).cards] == [3]


@pytest.mark.parametrize("kind", [PlaceKind.CHANNEL, PlaceKind.GROUP])
async def test_where_people_talk_help_tells_of_windows_privacy_and_languages(kind: PlaceKind) -> None:
    text = (await told(help.show, kind)).text
    wanted = ("since Monday", "from 3 to 7 November", "**privately**", "**in German**", "**digest off**", "**stop**")
    assert [words for words in wanted if words not in text] == []


async def test_only_in_a_channel_is_a_new_post_about_all_of_it() -> None:
    assert "in a new post, of the whole channel" in (await told(help.show, PlaceKind.CHANNEL)).text
    assert "channel" not in (await told(help.show, PlaceKind.GROUP)).text
