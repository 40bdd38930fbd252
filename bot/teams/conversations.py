"""The connector's operations on conversations over our own line.

Floor 6. The hot ones go straight to it, without msrest; what is for one person alone has verbs of its own, so that no
flag which somebody forgets decides who reads it. Source: Bot Framework connector, targeted messages of Teams.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.aio.operations_async import ConversationsOperations

from bot.teams.errors import Ambiguous, Rejected
from bot.teams.line import Call
from bot.teams.wire import to_wire
from dialogs.errors import Gone, NotReached, Unavailable, Unreadable

TARGETED = "?isTargetedActivity=true"
PAGE = 500
"""Members of one page (Teams takes no more)."""
PAGES = 50
"""Pages of a roster that are asked for at most: a team has up to 25,000 members."""


class Conversations(ConversationsOperations):  # type: ignore[misc]  # the SDK has no types
    """The operations of one service address. All raise `AssistantError`s."""

    def __init__(self, client: Any, line: Call, service_url: str) -> None:
        super().__init__(client._client, client.config, client._serialize, client._deserialize)
        self._line = line
        self._address = f"{service_url.rstrip('/')}/v3/conversations"

    async def send_to_conversation(self, conversation_id: str, activity: Activity, **_: Any) -> ResourceResponse:
        """Show something in a conversation."""
        return await self._say("POST", self._activities(conversation_id), activity)

    async def reply_to_activity(
        self, conversation_id: str, activity_id: str, activity: Activity, **_: Any
    ) -> ResourceResponse:
        """Show something as a reply. The steps of a stream have an address of their own."""
        where = self._activities(conversation_id)
        return await self._say("POST", where if is_step(activity) else f"{where}/{_part(activity_id)}", activity)

    async def update_activity(
        self, conversation_id: str, activity_id: str, activity: Activity, **_: Any
    ) -> ResourceResponse:
        """Write over something that was shown."""
        return await self._say("PUT", self._activity(conversation_id, activity_id), activity)

    async def delete_activity(self, conversation_id: str, activity_id: str, **_: Any) -> None:
        """Take back something that was shown."""
        await self._line.call("DELETE", self._activity(conversation_id, activity_id))

    async def whisper(self, conversation_id: str, activity: Activity) -> ResourceResponse:
        """Show something in a channel or group chat to the one member that is the activity's recipient."""
        return await self._say("POST", self._activities(conversation_id) + TARGETED, activity)

    async def rewhisper(self, conversation_id: str, activity_id: str, activity: Activity) -> ResourceResponse:
        """Write over something that was whispered. The activity has no recipient: who sees it cannot change."""
        return await self._say("PUT", self._activity(conversation_id, activity_id) + TARGETED, activity)

    async def take_aside(self, account: str, tenant: str, bot: str) -> str:
        """The one-to-one conversation with a person of a tenant, opened where there is none. Raises `NotReached`."""
        wish = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": account}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        try:
            reply = await self._line.call("POST", self._address, orjson.dumps(wish))
        except (Rejected, Gone):
            raise NotReached from None
        except Ambiguous:
            raise Unavailable from None  # asked again, Teams gives the same conversation
        id = _text(reply.json, "id")
        if not id:
            raise NotReached
        return id

    async def member(self, conversation_id: str, member_id: str) -> Mapping[str, Any]:
        """One member's entry in the roster. Raises `Rejected` with status 404 for who is none."""
        found = (await self._line.call("GET", self._within(conversation_id, f"members/{_part(member_id)}"))).json
        return found if isinstance(found, dict) else {}

    async def everybody(self, conversation_id: str) -> list[Mapping[str, Any]]:
        """The whole roster. Raises `Unreadable` for one that does not end."""
        found: list[Mapping[str, Any]] = []
        token = ""
        for _ in range(PAGES):
            page = await self._page(conversation_id, token)
            found.extend(one for one in page.get("members") or () if isinstance(one, dict))
            token = _text(page, "continuationToken")
            if not token:
                return found
        raise Unreadable("More people belong to it than I can go through.")

    async def _page(self, conversation_id: str, token: str) -> Mapping[str, Any]:
        query = {"pageSize": str(PAGE)} | ({"continuationToken": token} if token else {})
        reply = await self._line.call("GET", self._within(conversation_id, f"pagedmembers?{urlencode(query)}"))
        # Half a roster would pass for a whole one.
        if not isinstance(reply.json, dict) or not isinstance(reply.json.get("members"), list):
            raise Unreadable
        return reply.json

    def _within(self, conversation_id: str, path: str) -> str:
        return f"{self._address}/{_part(conversation_id)}/{path}"

    def _activities(self, conversation_id: str) -> str:
        return self._within(conversation_id, "activities")

    def _activity(self, conversation_id: str, activity_id: str) -> str:
        return f"{self._activities(conversation_id)}/{_part(activity_id)}"

    async def _say(self, method: str, url: str, activity: Activity) -> ResourceResponse:
        passing = getattr(activity, "passing", False)
        reply = await self._line.call(method, url, orjson.dumps(to_wire(activity)), passing=passing)
        # A 202 has no id, and a message that Teams split in two has none either.
        return ResourceResponse(id=_text(reply.json, "id"))


def is_step(activity: Activity) -> bool:
    """Whether an activity is a step of a stream."""
    return any(_type(entity).lower() == "streaminfo" for entity in activity.entities or ())


def _type(entity: Any) -> str:
    found = entity.get("type") if isinstance(entity, Mapping) else entity.type
    return found if isinstance(found, str) else ""


def _text(found: object, name: str) -> str:
    """A field of an answer; empty where it is no text."""
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


def _part(id: str) -> str:
    """One part of a path; nothing in an id can leave it."""
    if not id or not id.strip("."):
        raise Rejected(code="bad id")
    return quote(id, safe="")
