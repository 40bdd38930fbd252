"""Signing in through the tenant, with two processes: who is answered, when, and who never is."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from tests.scenarios.stage import Stage, honest
from tests.world.activities import Activity, message
from tests.world.bots import BotProcess, url
from tests.world.clients import Clients
from tests.world.database import fresh
from tests.world.faults import status
from tests.world.people import ADA, BRUNO, CHIDI, DANA, EMRE, FATIMA, GUEST, TENANT, Someone, personal
from tests.world.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")
SAID = "Here is your answer."


@dataclass(frozen=True, slots=True)
class Company(Stage):
    """Two processes of the bot that let nobody in who has not signed in."""

    other: BotProcess

    def clients(self, person: Someone, count: int = 1) -> Clients:
        """The person's Teams clients, which talk to both processes in turn."""
        return self.world.clients(person, count, (self.bot.url, self.other.url))

    async def ask(self, activity: Activity) -> None:
        """An activity arrives, and it is not known whether it will be answered."""
        assert (await self.world.post(activity))[0] == 202

    async def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What the database says."""
        async with await self._connected() as connection:
            return await (await connection.execute(query.encode(), values)).fetchall()

    async def parked(self, person: Someone, count: int = 1) -> None:
        """Wait until that many questions of a person wait for a sign-in."""
        query = "SELECT count(*) FROM inbox WHERE person = %s AND open AND parked AND due > now()"
        async with asyncio.timeout(15):
            while (await self.rows(query, person.id))[0][0] != count:
                await asyncio.sleep(0.02)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def company(postgres: str) -> AsyncIterator[Company]:
    with fresh(postgres) as conninfo:
        async with World(answer=SAID) as world:
            environ = world.environ(DATABASE_URL=url(conninfo))
            async with BotProcess(environ) as bot, BotProcess(environ) as other:
                world.bot = bot.url
                yield Company(world, bot, url(conninfo), other)


async def test_the_first_message_signs_a_person_in_silently_and_is_answered(company: Company) -> None:
    home = personal(ADA)
    async with company.clients(ADA, 4) as clients:
        await company.ask(message(home, ADA, "What is new?"))
        await clients.settled()
        await company.until(lambda: len(company.answers(home)) >= 1 and SAID in company.answers(home)[0].text)
    assert clients.statuses == [200] * 4 and clients.cards == []
    assert sum(SAID in one.text for one in company.answers(home)) == 1
    noted = (
        "SELECT count(*) FROM audit JOIN people ON alias = audit.person WHERE people.person = %s AND action = 'sign in'"
    )
    assert await company.rows(noted, ADA.id) == [(1,)]


async def test_where_consent_is_missing_one_card_serves_every_question(company: Company) -> None:
    home = personal(BRUNO)
    company.world.users.withhold(BRUNO)
    async with company.clients(BRUNO, 2) as clients:
        await company.ask(message(home, BRUNO, "first question"))
        card = await clients.shown()
        await company.ask(message(home, BRUNO, "second question"))
        await company.parked(BRUNO, 2)
        assert await clients.press(card) == 200
        await company.until(lambda: sum(SAID in one.text for one in company.answers(home)) == 2)
    assert len(clients.cards) == 1


async def test_in_a_group_chat_the_card_is_for_the_asker_alone(company: Company) -> None:
    room = company.group()
    async with company.clients(CHIDI) as clients:
        await company.ask(message(room, CHIDI, "What is new?"))
        await clients.settled()
        await company.until(lambda: any(SAID in one.text for one in company.answers(room)))
    others = [one for one in company.world.teams.chat(room.conversation).seen_by(DANA) if one.attachments]
    assert others == [] and clients.statuses == [200]


async def test_in_a_channel_a_button_is_shown_to_the_asker_alone(company: Company) -> None:
    channel = company.channel()
    thread = channel.at(company.write(channel, BRUNO, "The launch is on Friday."))
    async with company.clients(DANA) as clients:
        await company.ask(message(thread, DANA, "When is it?"))
        card = await clients.shown()
        assert card.exchange == "" and clients.answers == []
        await clients.press(card)
        await company.until(lambda: any(SAID in one.text for one in company.answers(thread)))
    public = company.world.teams.chat(thread.conversation).public
    assert not any(one.attachments for one in public)


async def test_who_has_signed_in_elsewhere_is_not_asked_in_a_channel(company: Company) -> None:
    company.world.sign_in(EMRE)
    channel = company.channel()
    company.world.model.next(honest)
    company.write(channel, BRUNO, "The launch is on Friday.")
    answer = await company.post(channel, "summarise", EMRE)
    assert "They spoke of the launch" in answer.text


async def test_a_parked_question_survives_its_process_and_is_nobody_elses(company: Company) -> None:
    home = personal(FATIMA)
    company.world.users.withhold(FATIMA)
    async with company.clients(FATIMA) as clients:
        async with BotProcess(company.world.environ(DATABASE_URL=company.database_url)) as third:
            await company.world.post(message(home, FATIMA, "will you remember me?"), bot=third.url)
            card = await clients.shown()
            await company.parked(FATIMA)
            await third.kill()
        await company.say(personal(ADA), "somebody else signs in meanwhile", ADA)
        assert not any(SAID in one.text for one in company.answers(home))
        await clients.press(card)
        await company.until(lambda: any(SAID in one.text for one in company.answers(home)))


async def test_who_does_not_sign_in_is_told_so_kindly_and_once(company: Company) -> None:
    person = replace(CHIDI)
    await company.say(personal(person), "sign out", person)
    company.world.users.withhold(person)
    home = personal(person)
    async with company.clients(person) as clients:
        await company.ask(message(home, person, "too late"))
        await clients.shown()
        await company.parked(person)
        await company.fall_due(person)
        await company.until(lambda: any("You did not sign in" in one.text for one in company.answers(home)))
        await company.say(home, "help", person)
    assert sum("You did not sign in" in one.text for one in company.answers(home)) == 1
    company.world.users.consent(person)


async def test_signing_out_forgets_and_about_says_who_one_is(company: Company) -> None:
    home = personal(EMRE)
    company.world.sign_in(EMRE)
    about = await company.say(home, "about", EMRE)
    await company.say(home, "sign out", EMRE)
    assert EMRE.mail in about.text or EMRE.name in about.text
    # What `about` says has a card under it, which is an answer too.
    await company.until(lambda: not company.world.users.signed_in(EMRE))


async def test_a_question_that_begins_with_six_digits_is_a_question(company: Company) -> None:
    company.world.sign_in(ADA)
    before = company.world.users.count(ADA, "get")
    answer = await company.say(personal(ADA), "123456 what is this ticket about?")
    assert SAID in answer.text and company.world.users.count(ADA, "get") >= before
    assert "123456" in company.world.model.prompts[-1].question


async def test_a_failed_client_is_answered_and_only_its_code_is_noted(company: Company) -> None:
    await company.say(personal(EMRE), "sign out", EMRE)
    company.world.users.withhold(EMRE)
    async with company.clients(EMRE) as clients:
        await company.ask(message(personal(EMRE), EMRE, "hello"))
        card = await clients.shown()
        assert await clients.fail(card, "resourcematchfailed") == [200]
        await clients.press(card)
    lines = [line for bot in (company.bot, company.other) for line in bot.lines if "sign in failed" in line]
    assert any("resourcematchfailed" in line for line in lines)


@pytest.mark.parametrize("role", ["guest", "anonymous"])
async def test_a_guest_is_refused_kindly(company: Company, role: str) -> None:
    room = company.group()
    guest = replace(GUEST, tenant=TENANT, id=f"{GUEST.id[:-1]}{len(role)}", teams=f"29:{role}-{room.conversation}")
    company.world.teams.roster.admit(room.conversation, guest, role)
    answer = await company.say(room, "What is new?", guest)
    assert "guests" in answer.text and SAID not in answer.text


async def test_somebody_without_an_identity_is_refused(company: Company) -> None:
    room = company.group()
    activity = message(room, ADA, "What is new?")
    del activity["from"]["aadObjectId"]
    assert "could not see that you are one of them" in (await company.give(room, activity)).text


async def test_somebody_of_another_tenant_in_a_shared_channel_gets_nothing(company: Company) -> None:
    channel, asked = company.channel(), len(company.world.model.prompts)
    stranger = replace(GUEST, teams="29:stranger")
    company.world.teams.roster.admit(channel.conversation, stranger)
    activity = message(channel.at("1793610101000"), stranger, "summarise")
    activity["channelData"]["tenant"]["id"] = stranger.tenant
    status, _ = await company.world.post(activity)
    assert status == 403 and len(company.world.model.prompts) == asked


async def test_the_persons_own_rights_find_and_read_a_channel_from_their_own_chat(company: Company) -> None:
    channel = company.channel()
    company.world.graph.channel(channel.conversation, "incidents")
    company.write(channel, BRUNO, "The pump failed at noon.")
    company.world.sign_in(ADA)
    company.world.model.next(honest)
    answer = await company.say(personal(ADA), "summarise #incidents in Contoso since yesterday")
    assert "They spoke of the launch" in answer.text and "Read 1 of 1 message" in answer.text


async def test_what_a_person_does_not_belong_to_is_not_found_for_them(company: Company) -> None:
    channel, asked = company.channel(), len(company.world.model.prompts)
    company.world.graph.channel(channel.conversation, "secrets", BRUNO)
    company.write(channel, BRUNO, "The secret plan.")
    company.world.sign_in(ADA)
    answer = await company.say(personal(ADA), "summarise #secrets")
    assert SAID not in answer.text and len(company.world.model.prompts) == asked


async def test_no_token_that_was_ever_given_out_stands_in_a_log_line_a_table_or_a_prompt(company: Company) -> None:
    await company.say(personal(ADA), "sign out")
    async with company.clients(ADA, 2) as clients:
        await company.ask(message(personal(ADA), ADA, "hello again"))
        await clients.settled()
        await company.parked(ADA, 0)
    company.world.model.next(honest)
    await company.say(company.group(), "summarise")
    written = [line for bot in (company.bot, company.other) for line in bot.lines]
    written += [prompt.text for prompt in company.world.model.prompts]
    tables = [
        str(name) for (name,) in await company.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    ]
    for table in tables:
        written += [str(row) for row in await company.rows(f'SELECT t::text FROM "{table}" t')]
    given = {issued.token for issued in company.world.login.issued} | {company.world.token()}
    marks = {part for token in given for part in token.split(".")[1:]}
    marks |= {mark.encode().hex() for mark in marks}  # as a column of bytes is shown
    assert len(given) > 20 and not [mark for mark in marks if any(mark in text for text in written)]


async def test_a_role_is_asked_of_the_persons_own_token(postgres: str) -> None:
    with fresh(postgres) as conninfo:
        async with World(answer=SAID, connection="bot") as world:
            world.roles = {ADA.id: ("user",)}
            async with BotProcess(world.environ(DATABASE_URL=url(conninfo), USER_ROLE="user")) as bot:
                world.bot = bot.url
                stage = Stage(world, bot, url(conninfo))
                for person in (ADA, BRUNO):
                    world.sign_in(person)
                admitted = await stage.say(personal(ADA), "hello", ADA)
                refused = await stage.say(personal(BRUNO), "hello", BRUNO)
    assert SAID in admitted.text and SAID not in refused.text and "administrator" in refused.text


async def test_an_identity_endpoint_that_is_away_delays_and_drops_nothing(postgres: str) -> None:

    with fresh(postgres) as conninfo:
        async with World(answer=SAID) as world:
            environ = world.environ(
                DATABASE_URL=url(conninfo),
                BOT_CREDENTIAL="federated",
                MICROSOFT_APP_PASSWORD=None,
                REQUIRE_SIGN_IN="false",
            )
            world.login.faults.add(status(500), of="identity", times=4)
            async with BotProcess(environ) as bot:
                world.bot = bot.url
                stage = Stage(world, bot, url(conninfo))
                assert (await world.post(message(personal(ADA), ADA, "hello")))[0] == 202
                await world.teams.until(lambda: any(SAID in one.text for one in stage.answers(personal(ADA))), 60)
