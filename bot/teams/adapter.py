"""The SDK's adapter, for its turn pipeline: a stored activity in, a `TurnContext` that can speak out.

Floor 6. `CloudAdapter` through its public extension points. Its HTTP half is closed: requests come through our endpoint.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NoReturn

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity, ActivityTypes
from botframework.connector.auth import AuthenticateRequestResult, BotFrameworkAuthentication

from bot.teams.wire import from_wire

Act = Callable[[TurnContext], Awaitable[None]]


class Context(TurnContext):  # type: ignore[misc]
    """A turn's context that leaves nothing to the garbage collector."""

    async def _emit(self, plugins: Sequence[Any], arg: Any, logic: Awaitable[Any]) -> Any:
        # The SDK's own makes a function that knows itself for every call, also where no handler was registered.
        return await (super()._emit(plugins, arg, logic) if plugins else logic)


class Adapter(CloudAdapter):  # type: ignore[misc]  # the SDK has no types
    """Runs turns in the SDK's pipeline, with middleware, `TurnContext` and `TeamsInfo` as they are."""

    def __init__(self, authentication: BotFrameworkAuthentication, app_id: str) -> None:
        super().__init__(authentication)
        identity = self.create_claims_identity(app_id)
        self._verified = AuthenticateRequestResult()
        self._verified.claims_identity = identity
        self._verified.audience = authentication.get_originating_audience()
        self._verified.connector_factory = authentication.create_connector_factory(identity)

    async def turn(self, activity: Mapping[str, Any], act: Act) -> None:
        """Run `act` in the turn of an accepted activity. Whatever it raises comes out."""
        await self.process_activity(self._verified, _read(activity), act)

    async def invoke(self, activity: Mapping[str, Any], act: Act) -> InvokeResponse:
        """Run `act` in the turn of an invoke; what it answered (see `answer`), or the SDK's 501."""
        return await self.process_activity(self._verified, _read(activity), act)

    async def process(self, request: Any, bot: Any, ws_response: Any = None) -> NoReturn:
        """Refused: the SDK parses a body before it knows whose it is."""
        raise PermissionError

    def _create_turn_context(self, activity: Activity, *given: Any) -> Context:
        context = Context(self, activity)
        context.turn_state.update(super()._create_turn_context(activity, *given).turn_state)
        return context


async def answer(context: TurnContext, status: int, body: object = None) -> None:
    """Answer the invoke of a turn."""
    response = InvokeResponse(status=status, body=body)
    await context.send_activity(Activity(type=ActivityTypes.invoke_response, value=response))


def _read(activity: Mapping[str, Any]) -> Activity:
    found = from_wire(Activity, activity)
    # Otherwise a sender could have the SDK collect the replies for a response that was given long ago.
    found.delivery_mode = None
    return found
