"""Administrators and auditors at their chat, with two processes: who may command, what a command does, what is noted of it."""

import json
from collections.abc import AsyncIterator
from time import time

import pytest
import pytest_asyncio

from tests.scenarios.firm import Firm, opened
from tests.world.activities import message
from tests.world.people import ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA, Someone, personal

pytestmark = pytest.mark.asyncio(loop_scope="session")
SAID = "Here is your answer."
HALF_AN_HOUR = 30 * 60


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    async with opened(postgres, bots=2, answer=SAID) as firm:
        firm.world.roles = {ADA.id: ("admin",), BRUNO.id: ("auditor",)}
        for person in (ADA, BRUNO, CHIDI, EMRE, FATIMA):
            firm.world.sign_in(person)
        yield firm


def long_ago(firm: Firm, person: Someone, *roles: str) -> None:
    """The person signed in half an hour ago, and the token is good for another half."""
    firm.world.users.sign_in(person, firm.world.login.person_token(person, *roles, iat=int(time()) - HALF_AN_HOUR))


async def test_who_holds_no_role_is_refused(firm: Firm) -> None:
    answer = await firm.ask("admin rules set guests allow", CHIDI)
    assert "not allowed to do this" in answer.text and not answer.cards
    assert await firm.audited(CHIDI, "admin") == [("admin", "admin", "refused", "", "")]


async def test_an_administrator_sees_how_things_stand(firm: Firm) -> None:
    reading = (await firm.ask("admin")).reading
    assert "Overview" in reading and "Tokens today" in reading and "[Dead letters]" in reading


@pytest.mark.parametrize("report", ["usage", "audit", "filters", "feedback", "holds"])
async def test_an_auditor_may_look(firm: Firm, report: str) -> None:
    answer = await firm.ask(f"admin {report}", BRUNO, firm.bots[1])
    assert answer.cards and "Nothing that anybody wrote is in them." in answer.text


@pytest.mark.parametrize("command", ["rules", "rules set guests allow", "dead", "hold", "export", "erase"])
async def test_an_auditor_may_not_change_anything(firm: Firm, command: str) -> None:
    about = f" {DANA.id}" if command in ("hold", "export", "erase") else ""
    answer = await firm.ask(f"admin {command}{about}", BRUNO)
    assert "not allowed to do this" in answer.text and not answer.cards
    assert await firm.rows("SELECT FROM rules") == await firm.rows("SELECT FROM legal_holds") == []


async def test_an_old_token_leads_to_a_silent_new_sign_in_after_which_the_command_is_answered(firm: Firm) -> None:
    long_ago(firm, ADA, "admin")
    before, home = firm.world.users.count(ADA, "exchanged"), personal(ADA)
    shown = len(firm.answers(home))
    async with firm.clients(ADA, 2) as clients:
        assert (await firm.world.post(message(home, ADA, "admin holds")))[0] == 202
        await clients.settled()
        await firm.until(lambda: any("Legal holds" in one.reading for one in firm.answers(home)[shown:]))
    assert clients.cards == [] and firm.world.users.count(ADA, "exchanged") > before


async def test_an_old_token_is_good_enough_for_what_is_no_administrators(firm: Firm) -> None:
    long_ago(firm, EMRE)
    assert SAID in (await firm.ask("What is new?", EMRE)).text


async def test_a_role_that_was_taken_away_is_gone_with_the_next_token(firm: Firm) -> None:
    firm.world.roles = {ADA.id: ("admin",), BRUNO.id: ("auditor",)}
    long_ago(firm, FATIMA, "admin")
    home = personal(FATIMA)
    async with firm.clients(FATIMA) as clients:
        assert (await firm.world.post(message(home, FATIMA, "admin")))[0] == 202
        await clients.settled()
        await firm.until(lambda: firm.told(FATIMA, "not allowed to do this") == 1)
    assert not any(one.cards for one in firm.answers(home))


async def test_admin_commands_are_for_the_personal_chat_alone(firm: Firm) -> None:
    answer = await firm.among(firm.group(), "admin")
    assert "one to one" in answer.text and not answer.cards


async def decide(firm: Firm, **rules: str) -> None:
    """The administrator decides in the chat."""
    for name, value in rules.items():
        answer = await firm.ask(f"admin rules set {name.replace('_', '.', 1)} {value}")
        assert "within ten seconds" in answer.text, answer.text


async def test_a_rule_that_was_set_in_the_chat_holds(firm: Firm) -> None:
    await decide(firm, feature_tasks="off", places="personal,groupChat", models="gpt-4.1", guests="allow", session="20")
    async with firm.later() as later:
        off = await firm.ask("tasks", CHIDI, later)
        models = await firm.ask("models", CHIDI, later)
        settings = await firm.ask("settings", CHIDI, later)
        channel = await firm.among(firm.channel().at("1"), "help", CHIDI, later)
        group = firm.group()
        firm.world.teams.roster.admit(group.conversation, CHIDI, "guest")
        guest = await firm.among(group, "What is new?", CHIDI, later)
        long_ago(firm, EMRE)
        async with firm.world.clients(EMRE, 1, (later.url,)) as clients:
            await firm.world.post(message(personal(EMRE), EMRE, "And now?"), bot=later.url)
            await clients.settled()
            await firm.until(lambda: firm.told(EMRE, SAID) >= 1)
    for name in ("feature.tasks", "places", "models", "guests", "session"):
        await firm.ask(f"admin rules unset {name}")
    assert "switched this off" in off.text and not off.cards
    assert "gpt-4.1" in models.reading and "gpt-5.4-mini" not in models.reading
    assert "gpt-5.4-mini" not in json.dumps(settings.cards) and settings.cards
    assert "this kind of conversation" in channel.text
    assert SAID in guest.text
    noted = await firm.audited(ADA, "rule", count=10)
    assert {row[3] for row in noted} == {"feature.tasks", "places", "models", "guests", "session"}
    assert len(noted) == 10 and {row[1] for row in noted} == {"admin"}
    assert await firm.rows("SELECT FROM rules") == []


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("guests maybe", "can be: refuse, allow"),
        ("budget.person 99999999999", "may not be above budget.tenant"),
        ("retention.audit 3", "may not be below"),
        ("models gpt-9", "names at least one of"),
        ("colour blue", "There is no rule colour"),
        ("session 1", "minutes from 5 to 43200"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_with_the_reason(firm: Firm, rule: str, reason: str) -> None:
    answer = await firm.ask(f"admin rules set {rule}")
    assert "I have changed nothing." in answer.text and reason in answer.text
    assert await firm.rows("SELECT FROM rules WHERE name = %s", rule.split()[0]) == []


async def test_a_rule_is_set_on_the_card_too(firm: Firm) -> None:
    await firm.ask("admin rules")
    await firm.press("Set", rule="queue", value="7")
    assert await firm.rows("SELECT name, value FROM rules") == [("queue", "7")]
    await firm.ask("admin rules unset queue")


async def buried(firm: Firm, text: str) -> str:
    """A message of Dana's that was given up, because its last try had come while it waited for her; its key."""
    firm.world.users.withhold(DANA)
    home = personal(DANA)
    before = len(firm.answers(home))
    assert (await firm.world.post(message(home, DANA, text)))[0] == 202
    await firm.stands("SELECT FROM inbox WHERE person = %s AND open AND parked AND due > now()", DANA.id)
    await firm.change("UPDATE inbox SET attempts = 5 WHERE person = %s AND open", DANA.id)
    await firm.fall_due(DANA)
    await firm.stands("SELECT FROM inbox WHERE person = %s AND outcome = 'dead'", DANA.id)
    assert any("Something went wrong on my side" in one.text for one in firm.answers(home)[before:])
    (row,) = (await firm.operator("dead", "list", "--json")).rows
    return str(row["key"])


async def test_a_dead_letter_is_tried_again(firm: Firm) -> None:
    key = await buried(firm, "What became of my question?")
    firm.world.sign_in(DANA)
    listed = await firm.ask("admin dead")
    answer = await firm.ask(f"admin dead retry {key}")
    await firm.until(lambda: firm.told(DANA, SAID) >= 1)
    assert key in listed.reading and "What became" not in listed.reading and "tried again" in answer.text
    assert await firm.audited(ADA, "retry") == [("retry", "admin", "ok", "", "")]


async def test_a_dead_letter_is_emptied(firm: Firm) -> None:
    await firm.ask("sign out", DANA)
    key = await buried(firm, "Nobody will ever answer this.")
    await firm.ask("admin dead")
    await firm.press("Empty")
    again = await firm.ask(f"admin dead retry {key}")
    assert "There is no such message any more." in again.text
    assert [row[:3] for row in await firm.audited(ADA, "drop")] == [("drop", "admin", "ok")]


async def held(firm: Firm, person: Someone) -> bool:
    return bool(await firm.rows("SELECT FROM legal_holds WHERE person = %s", person.id))


async def test_a_hold_keeps_and_its_lifting_lets_go(firm: Firm) -> None:
    await firm.ask("Something worth keeping.", CHIDI)
    await firm.ask(f"admin hold {CHIDI.id}")
    own = await firm.ask("forget me yes", CHIDI, firm.bots[1])
    theirs = await firm.ask(f"admin erase {CHIDI.id} yes")
    listed = await firm.ask("admin holds")
    assert await held(firm, CHIDI) and "legal matter" in own.text and "legal hold" in theirs.text
    assert CHIDI.id in listed.reading
    await firm.ask(f"admin lift {CHIDI.id}")
    assert not await held(firm, CHIDI)
    noted = await firm.audited(ADA, "hold", "lift", count=2)
    assert noted == [("hold", "admin", "ok", "", CHIDI.id), ("lift", "admin", "ok", "", CHIDI.id)]


async def test_somebody_is_erased_by_their_object_id_after_a_question(firm: Firm) -> None:
    await firm.ask("The marker is KESTREL.", CHIDI)
    asked = await firm.ask(f"admin erase {CHIDI.id.upper()}")
    found = await firm.operator("find", "--person", CHIDI.id)
    done = await firm.press("Erase everything")
    gone = await firm.operator("find", "--person", CHIDI.id)
    assert "cannot be brought back" in asked.text and "history" in asked.reading and found.code == 1
    assert "I keep nothing of that person any more." in done.text
    assert "history" in done.reading and "What remains:" in done.reading and "audit |" not in done.reading
    assert gone.code == 0 and "none" in gone.out
    ((action, actor, outcome, _, subject),) = await firm.audited(ADA, "erase")
    assert (action, actor, outcome) == ("erase", "admin", "ok") and subject not in ("", CHIDI.id)


async def test_nobody_erases_themselves_or_who_is_not_known(firm: Firm) -> None:
    own = await firm.ask(f"admin erase {ADA.id} yes")
    unknown = await firm.ask("admin erase 11111111-2222-4333-8444-555555555555 yes")
    assert "forget me" in own.text and "nothing of anybody with that id" in unknown.text


async def test_what_is_kept_of_somebody_is_exported_by_their_object_id(firm: Firm) -> None:
    await firm.ask("My secret word is OSPREY.", EMRE)
    answer = await firm.ask(f"admin export {EMRE.id}")
    hand, name = firm.world.hand(ADA), next(name for name in answer.offers if name.endswith(".json"))
    assert await hand.accept(on=answer.offers[name]) == 200
    await firm.until(lambda: hand.document(name) is not None)
    assert b"OSPREY" in (hand.document(name) or b"")
    assert ("export", "admin", "ok", "", EMRE.id) in await firm.audited(ADA, "export")


async def test_what_administrators_did_stands_in_the_audit_for_the_auditor(firm: Firm) -> None:
    reading = (await firm.ask("admin audit 40", BRUNO)).reading
    assert all(word in reading for word in ("hold", "lift", "erase", "rule queue", ADA.id))
    assert "KESTREL" not in reading and "OSPREY" not in reading
