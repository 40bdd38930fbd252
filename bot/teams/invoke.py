"""Invokes: Teams asks and waits for the answer's body. Feedback, the steps of signing in, the action on a message.

Floor 7. No model is ever asked here; what takes long happens in a turn. Source: user feedback controls, bot SSO and the
universal actions of Adaptive Cards.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from botbuilder.core import TurnContext

from bot.audit import Action, Entry, Outcome
from bot.teams.activity import Incoming, place
from bot.teams.adapter import Adapter, answer
from bot.teams.bodies import Answer, error
from bot.teams.extension import Extension, is_ours
from bot.teams.signin import SignIn
from bot.telemetry import hashed
from dialogs.errors import AssistantError

CARD_ERROR = "application/vnd.microsoft.error"
FEEDBACK = {"like": Action.LIKE, "dislike": Action.DISLIKE}
CODE_CHARS = 100
PATIENCE = 6.0
"""Seconds for the token service: Teams waits about ten for the answer to an invoke."""
TOKEN_CHARS = 16_000

Reply = Callable[[Incoming], Awaitable[Answer]]


class Invokes:
    """Answers invokes, each through the SDK's turn pipeline."""

    def __init__(
        self,
        adapter: Adapter,
        sign_in: SignIn,
        extension: Extension,
        write: Callable[[Entry], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        """`write` keeps an audit row and may raise `StoreAway`."""
        self._adapter = adapter
        self._sign_in = sign_in
        self._extension = extension
        self._write = write
        self._now = now
        self._replies: Mapping[str, Reply] = {
            "message/submitAction": self._feedback,
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

        response = await self._adapter.invoke(incoming.raw, act)
        return Answer(response.status, response.body)

    async def _feedback(self, incoming: Incoming) -> Answer:
        """Thumbs are kept as audit rows; the words written with them are content and are not."""
        action = feedback(incoming.value)
        if action is None:
            return Answer(400, error("BadRequest"))
        await self._write(self._entry(incoming, action))
        return Answer(200)

    def _entry(self, incoming: Incoming, action: Action) -> Entry:
        where = place(incoming)
        return Entry(
            at=self._now(),
            tenant=incoming.tenant,
            person=incoming.sender.entra,
            place=where.kind,
            conversation=hashed(where.conversation),
            action=action,
            outcome=Outcome.OK,
        )

    async def _exchange(self, incoming: Incoming) -> Answer:
        """Every client of the person offers its own token with the same id; each is told how it went."""
        value = _fields(incoming.value)
        id, token = value.get("id"), value.get("token")
        # Never the connection the client names: it could be one with other rights.
        if value.get("connectionName") != self._sign_in.connection or not _is_text(token, TOKEN_CHARS):
            return Answer(400, error("BadRequest"))
        told = {"id": id if isinstance(id, str) else None, "connectionName": self._sign_in.connection}
        try:
            async with asyncio.timeout(PATIENCE):
                good = await self._sign_in.exchange(incoming.sender.id, str(token), _channel(incoming))
        except (AssistantError, TimeoutError):
            good = False
        return Answer(200, told) if good else Answer(412, {**told, "failureDetail": "The token was not exchanged."})

    async def _verify(self, incoming: Incoming) -> Answer:
        state = _fields(incoming.value).get("state")
        if not _is_text(state, CODE_CHARS):
            return Answer(404)
        try:
            async with asyncio.timeout(PATIENCE):
                token = await self._sign_in.token(incoming.sender.id, _channel(incoming), str(state))
        except (AssistantError, TimeoutError):
            token = None
        return Answer(200 if token else 412)

    async def _failure(self, incoming: Incoming) -> Answer:
        return Answer(200)

    async def _card(self, incoming: Incoming) -> Answer:
        words = {"code": "BadRequest", "message": "This card has no such action."}
        return Answer(200, {"statusCode": 400, "type": CARD_ERROR, "value": words})

    async def _fetch(self, incoming: Incoming) -> Answer:
        return await self._extension.fetch(incoming) if is_ours(incoming) else Answer(400, error("UnknownCommand"))

    async def _submit(self, incoming: Incoming) -> Answer:
        return await self._extension.submit(incoming) if is_ours(incoming) else Answer(400, error("UnknownCommand"))


def feedback(value: Any) -> Action | None:
    """The thumb of a `message/submitAction`, in either of its shapes (one nests it under `data`)."""
    fields = _fields(value)
    fields = fields if "actionName" in fields else _fields(fields.get("data"))
    if fields.get("actionName") != "feedback":
        return None
    reaction = _fields(fields.get("actionValue")).get("reaction")
    return FEEDBACK.get(reaction) if isinstance(reaction, str) else None


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= longest


def _channel(incoming: Incoming) -> str:
    return incoming.channel.partition(":")[0]
