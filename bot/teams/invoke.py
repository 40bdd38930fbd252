"""Invokes: Teams asks and waits for the answer's body. Feedback, documents, the steps of signing in, the action on a message.

Floor 7. No model is ever asked here; what takes long happens in a turn. Source: user feedback controls, bot SSO and the
universal actions of Adaptive Cards.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from botbuilder.core import TurnContext

from bot.audit import Action, Entry
from bot.teams.activity import Incoming
from bot.teams.adapter import Adapter, answer
from bot.teams.bodies import Answer, error
from bot.teams.consent import NAME as CONSENT
from bot.teams.extension import Extension, is_ours
from bot.teams.feedback import entry
from bot.teams.signin import Failure, SignIn, owns
from bot.telemetry import Event, Log, hashed
from dialogs.errors import AssistantError

CARD_ERROR = "application/vnd.microsoft.error"
CODE_CHARS = 100
PATIENCE = 6.0
"""Seconds for the token service: Teams waits about ten for the answer to an invoke."""
BRIEFLY = 2.0
"""Seconds for taking back a card that has been answered; it may also stay."""
TOKEN_CHARS = 16_000
ID_CHARS = 500
TRIES = 8
"""How often the clients of a person, of which there may be four, may offer with one id until one of them succeeds."""
NOT_OURS = "The token is not for the person who sent it."
NOT_EXCHANGED = "The token was not exchanged."

log = Log("bot.teams.invoke")

Reply = Callable[[Incoming], Awaitable[Answer]]
"""What answers one kind of invoke."""
Attempt = Awaitable[Failure | None]
"""Whatever kept it from succeeding."""


class Book(Protocol):
    """What invokes leave behind, for all processes. Each verb raises `StoreAway`; `person` is the Entra id."""

    async def write(self, entry: Entry) -> None:
        """Keep an audit row."""

    async def exchanged(self, tenant: str, person: str, key: str) -> bool:
        """Whether this sign-in of the person is heard of for the first time; `key` is a hash."""

    async def resume(self, tenant: str, person: str) -> int:
        """Have everything answered that waits for this person to sign in; how much that is. It may be called again."""


class Invokes:
    """Answers invokes, each through the SDK's turn pipeline."""

    def __init__(
        self,
        adapter: Adapter,
        sign_in: SignIn,
        extension: Extension,
        consent: Reply,
        feedback: Reply,
        book: Book,
        tenants: frozenset[str],
        now: Callable[[], datetime],
        patience: float = PATIENCE,
    ) -> None:
        """`tenants` are those whose people may sign in; none means those that the activity names (local mode)."""
        self._adapter = adapter
        self._sign_in = sign_in
        self._extension = extension
        self._book = book
        self._tenants = tenants
        self._now = now
        self._patience = patience
        self._replies: Mapping[str, Reply] = {
            "message/submitAction": feedback,
            CONSENT: consent,
            "signin/tokenExchange": self._exchange,
            "signin/verifyState": self._verify,
            "signin/failure": self._failure,
            "adaptiveCard/action": self._card,
            "composeExtension/fetchTask": self._fetch,
            "composeExtension/submitAction": self._submit,
        }

    async def __call__(self, incoming: Incoming) -> Answer:
        """The answer to an invoke; one that nobody knows is a bad request, not a fault of ours."""
        reply = self._replies.get(incoming.name)
        if reply is None:
            return Answer(400, error("UnknownInvoke"))

        async def act(context: TurnContext) -> None:
            found = await reply(incoming)
            await answer(context, found.status, found.body)
            if incoming.name == CONSENT and found.status == 200:
                await take_back(context, incoming.reply_to)

        response = await self._adapter.invoke(incoming.raw, act)
        return Answer(response.status, response.body)

    async def _exchange(self, incoming: Incoming) -> Answer:
        """Every client of the person offers its own token with the same id, and each is told how its own offer went."""
        value = _fields(incoming.value)
        id, token = value.get("id"), value.get("token")
        # Never the connection the client names: it could be one with other rights.
        ours = value.get("connectionName") == self._sign_in.connection
        if not ours or not _is_text(token, TOKEN_CHARS) or not _is_text(id, ID_CHARS):
            return Answer(400, error("BadRequest"))
        told = {"id": id, "connectionName": self._sign_in.connection}
        # The claims are unverified, and that is enough: a forged token is refused by the token service, which verifies
        # it by exchanging it. What it cannot know is who sent the token here.
        if not self._owns(incoming, str(token)):
            return failed(incoming, Failure.FOREIGN, {**told, "failureDetail": NOT_OURS})
        fresh = await self._takes(incoming, str(id))
        why = await self._in_time(self._offered(incoming, str(token), fresh=fresh))
        if why is not None:
            return failed(incoming, why, {**told, "failureDetail": NOT_EXCHANGED})
        await self._signed_in(incoming, str(id))
        return Answer(200, told)

    async def _offered(self, incoming: Incoming, token: str, *, fresh: bool) -> Failure | None:
        """Exchange a token; with an id that is not `fresh` any more only for who is still signed in."""
        user, channel = incoming.sender.id, _channel(incoming)
        if not fresh and not self._owns(incoming, await self._sign_in.token(user, channel)):
            return Failure.SPENT
        return None if await self._sign_in.exchange(user, token, channel) else Failure.REFUSED

    async def _verify(self, incoming: Incoming) -> Answer:
        """The window of the card's button has closed, and hands over the code that proves who sat there."""
        state = _fields(incoming.value).get("state")
        if not _is_text(state, CODE_CHARS):
            return Answer(404)
        why = await self._in_time(self._redeemed(incoming, str(state)))
        if why is Failure.FOREIGN:
            # In that window one can sign in as anybody, and the service keeps the token as the sender's.
            why = Failure.KEPT if await self._in_time(self._forgotten(incoming)) else why
        if why is not None:
            return failed(incoming, why)
        await self._signed_in(incoming, incoming.id)
        return Answer(200)

    async def _redeemed(self, incoming: Incoming, code: str) -> Failure | None:
        token = await self._sign_in.token(incoming.sender.id, _channel(incoming), code)
        if token is None:
            return Failure.UNREDEEMED
        return None if self._owns(incoming, token) else Failure.FOREIGN

    async def _forgotten(self, incoming: Incoming) -> None:
        await self._sign_in.sign_out(incoming.sender.id, _channel(incoming))

    async def _takes(self, incoming: Incoming, attempt: str) -> bool:
        """Whether one of the tries of an attempt was left for this offer."""
        for number in range(TRIES):
            if await self._first(incoming, f"{attempt}\n{number}"):
                return True
        return False

    async def _signed_in(self, incoming: Incoming, attempt: str) -> None:
        """What follows from a sign-in; `attempt` is the same for all who tell of it. Raises `StoreAway`."""
        # Before anything is noted, and by everybody: who fails here is asked again, and must not find it done already.
        await self._book.resume(incoming.tenant, incoming.sender.entra)
        if await self._first(incoming, attempt):
            await self._book.write(entry(incoming, Action.SIGN_IN, self._now()))
        # A client may be hours late, or send again: whoever has signed out by then stays so.
        for number in range(TRIES):
            await self._first(incoming, f"{attempt}\n{number}")

    async def _first(self, incoming: Incoming, key: str) -> bool:
        return await self._book.exchanged(incoming.tenant, incoming.sender.entra, hashed(key))

    def _owns(self, incoming: Incoming, token: str | None) -> bool:
        return owns(token, incoming.sender.entra, self._tenants or frozenset(incoming.tenants))

    async def _in_time(self, attempt: Attempt) -> Failure | None:
        """What came of asking the token service.

        Not to be told is `AWAY`, and never a refusal: a card would be shown to everybody, and its button fail as well.
        """
        try:
            async with asyncio.timeout(self._patience):
                return await attempt
        except (AssistantError, TimeoutError):
            return Failure.AWAY

    async def _failure(self, incoming: Incoming) -> Answer:
        """A client could not even offer a token. The person is told nothing: the card and its button still stand there."""
        note(incoming, Failure.of(_fields(incoming.value).get("code")))
        return Answer(200)

    async def _card(self, incoming: Incoming) -> Answer:
        words = {"code": "BadRequest", "message": "This card has no such action."}
        return Answer(200, {"statusCode": 400, "type": CARD_ERROR, "value": words})

    async def _fetch(self, incoming: Incoming) -> Answer:
        """The action is never answered with `auth` or `silentAuth`, whoever has not signed in.

        What it begins is an ask like any other, which waits for its person in the database and shows them the same card
        as everywhere. Those answers would be a second way in: the client repeats the action with a token in it, and what
        was chosen is lost when the window closes before that.
        """
        return await self._extension.fetch(incoming) if is_ours(incoming) else Answer(400, error("UnknownCommand"))

    async def _submit(self, incoming: Incoming) -> Answer:
        return await self._extension.submit(incoming) if is_ours(incoming) else Answer(400, error("UnknownCommand"))


async def take_back(context: TurnContext, message: str) -> None:
    """Take a card away that has been answered, so that nobody presses it again. Nothing depends on it."""
    if message:
        with suppress(AssistantError, TimeoutError):
            async with asyncio.timeout(BRIEFLY):
                await context.delete_activity(message)


def failed(incoming: Incoming, why: Failure, told: Mapping[str, Any] | None = None) -> Answer:
    """A sign-in that did not come about: the client shows the card, unless nobody could tell, and it is to ask again."""
    note(incoming, why)
    return Answer(503, error("Unavailable")) if why is Failure.AWAY else Answer(412, told)


def note(incoming: Incoming, failure: Failure) -> None:
    """One line in the log, without a word of what was sent."""
    person, conversation = incoming.sender.entra, incoming.conversation
    log.event(Event.SIGN_IN_FAILED, logging.WARNING, person=person, conversation=conversation, cause=failure.value)


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _channel(incoming: Incoming) -> str:
    return incoming.channel.partition(":")[0]
