"""Signing in and out with the work account."""

from dataclasses import replace

import pytest

from dialogs import account, privacy
from dialogs.errors import Unavailable
from dialogs.ports import Dialog
from dialogs.talk import OfferSignIn, PlaceKind
from dialogs.terms import Terms
from tests.dialogs.desk import FakeAccount, ScriptedModel, a_desk, an_ask, parts, shown

PERSONAL, CHANNEL, GROUP = PlaceKind.PERSONAL, PlaceKind.CHANNEL, PlaceKind.GROUP
ME = "ada@contoso.example"
LOCAL = Terms(30, local=True)


async def test_who_has_not_signed_in_is_shown_how() -> None:
    found = await parts(account.sign_in, an_ask("sign in", PERSONAL), a_desk(ScriptedModel()))
    assert found[-1] == OfferSignIn()


async def test_who_has_signed_in_is_told_so() -> None:
    found = await shown(account.sign_in, an_ask("", PERSONAL), a_desk(ScriptedModel(), account=FakeAccount(ME)))
    assert (found.text, found.sign_in) == (f"You are signed in as **{ME}**.", False)


async def test_a_sign_in_without_a_name_is_one() -> None:
    found = await shown(account.sign_in, an_ask("", PERSONAL), a_desk(ScriptedModel(), account=FakeAccount("")))
    assert (found.text, found.sign_in) == ("You are signed in.", False)


@pytest.mark.parametrize("kind", [CHANNEL, GROUP])
async def test_where_others_read_along_the_account_is_not_named(kind: PlaceKind) -> None:
    found = await shown(account.sign_in, an_ask("", kind), a_desk(ScriptedModel(), account=FakeAccount(ME)))
    assert found.text == "You are signed in."


async def test_asked_privately_it_is_named() -> None:
    ask = replace(an_ask("", CHANNEL), alone=True)
    found = await shown(account.sign_in, ask, a_desk(ScriptedModel(), account=FakeAccount(ME)))
    assert ME in found.text


async def test_a_name_is_no_markup() -> None:
    desk = a_desk(ScriptedModel(), account=FakeAccount("**x** [y](https://evil.example) <b>\n# z"))
    assert "](" not in (found := (await shown(account.sign_in, an_ask("", PERSONAL), desk)).text)
    assert "\n" not in found


async def test_whether_one_is_signed_in_may_not_be_known() -> None:
    desk = a_desk(ScriptedModel(), account=FakeAccount(Unavailable()))
    with pytest.raises(Unavailable):
        await shown(account.sign_in, an_ask("", PERSONAL), desk)


async def test_who_signs_out_has() -> None:
    own = FakeAccount(ME)
    found = await shown(account.sign_out, an_ask("", PERSONAL), a_desk(ScriptedModel(), account=own))
    assert (found.text.split(":")[0], own.who) == ("You are signed out", None)


@pytest.mark.parametrize("dialog", [account.sign_in, account.sign_out])
async def test_in_local_mode_nobody_signs_in_and_nobody_is_asked(dialog: Dialog) -> None:
    own = FakeAccount(Unavailable())
    found = await shown(dialog, an_ask("", PERSONAL), a_desk(ScriptedModel(), terms=LOCAL, account=own))
    assert ("nobody has to sign in" in found.text, found.sign_in) == (True, False)


# about


@pytest.mark.parametrize(
    ("who", "said"),
    [(ME, f" You are signed in as **{ME}**."), (None, " You are not signed in."), ("", " You are signed in.")],
)
async def test_about_says_who_one_is_signed_in_as(who: str | None, said: str) -> None:
    found = await shown(privacy.about, an_ask("", PERSONAL), a_desk(ScriptedModel(), account=FakeAccount(who)))
    assert found.text.endswith(said)


async def test_about_answers_even_where_that_is_not_known() -> None:
    desk = a_desk(ScriptedModel(), account=FakeAccount(Unavailable()))
    assert (await shown(privacy.about, an_ask("", PERSONAL), desk)).text.endswith("your company's own Azure.")


async def test_about_says_nothing_of_it_in_local_mode() -> None:
    desk = a_desk(ScriptedModel(), terms=LOCAL, account=FakeAccount(ME))
    assert "signed in" not in (await shown(privacy.about, an_ask("", PERSONAL), desk)).text
