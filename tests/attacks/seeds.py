"""Activities as Teams sends them, of every kind and in every place: what mutations of the front door begin with."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.world import activities
from tests.world.activities import Activity, message
from tests.world.people import ADA, BRUNO, CHANNEL, DANA, GROUP, GUEST, TENANT, THREAD, Room, Someone, personal

Make = Callable[[Room, Someone], Activity]

KEY = "0123456789abcdef0123456789abcdef"  # pragma: allowlist secret
TYPED = (
    "hello",
    "summarise",
    "catch me up since Monday",
    "summarise #incidents in Engineering from 3 to 7 November",
    "digest weekly Monday 9:00",
    "translate to French: good morning",
    "what was said about the launch?",
    "privately action items",
    "admin usage",
    "forget me",
    "stop",
    "",
)
UPLOAD = {
    "contentUrl": "https://contoso-my.sharepoint.com/personal/ada/Documents/export.md",
    "name": "export.md",
    "uploadUrl": "https://contoso-my.sharepoint.com/upload?guid=1",
    "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C9D",
    "fileType": "md",
}


def file(name: str = "plan.docx") -> dict[str, Any]:
    """A file as it comes in a personal chat."""
    content = {"downloadUrl": "https://contoso.sharepoint.com/download?tempauth=x", "uniqueId": "1", "fileType": "docx"}
    address = f"https://contoso.sharepoint.com/{name}"
    kind = "application/vnd.microsoft.teams.file.download.info"
    return {"contentType": kind, "contentUrl": address, "name": name, "content": content}


def picture() -> dict[str, Any]:
    """A picture that was pasted."""
    address = "https://smba.trafficmanager.net/emea/v3/attachments/0-weu-d1/views/original"
    return {"contentType": "image/png", "contentUrl": address}


def filled(room: Room, person: Someone) -> Activity:
    """A card with fields was sent off."""
    return activities.pressed(room, person, {"say": "settings save"}, "1", model="large", tone="plain", text="good day")


def whispered(room: Room, person: Someone) -> Activity:
    """A message that only the bot sees."""
    said = message(room, person, "summarise")
    return {**said, "recipient": {**said["recipient"], "isTargeted": True}}


def event(kind: str, **fields: Any) -> Make:
    """An activity of a kind that is no message."""

    def make(room: Room, person: Someone) -> Activity:
        return {**activities.reaction(room, person, "1"), "type": kind, **fields}

    return make


def invoke(name: str, value: Any) -> Make:
    """An invoke."""

    def make(room: Room, person: Someone) -> Activity:
        return activities.invoke(room, person, name, value)

    return make


def exchange(room: Room, person: Someone) -> Activity:
    """A client offers its token; its claims are unverified here."""
    return activities.token_exchange(room, person, "e30.e30.e30", "attempt-1")


def submitted(room: Room, person: Someone) -> Activity:
    """The button of the card that a message's action has shown."""
    data = {"summary": KEY, "ask": "1", "conversation": room.conversation}
    return activities.invoke(
        room, person, "composeExtension/submitAction", {"commandId": "summariseThread", "data": data}
    )


MAKES: tuple[Make, ...] = (
    lambda room, person: activities.edited(message(room, person, "hello"), "good day"),
    lambda room, person: activities.deleted(message(room, person, "hello")),
    lambda room, person: activities.undeleted(message(room, person, "hello"), "again"),
    lambda room, person: activities.added(room, person),
    lambda room, person: activities.added(room, person, person.teams, BRUNO.teams),
    lambda room, person: activities.removed(room, person),
    lambda room, person: activities.installed(room, person),
    lambda room, person: activities.installed(room, person, "remove"),
    lambda room, person: activities.installed(room, person, "add-upgrade"),
    lambda room, person: activities.reaction(room, person, "1"),
    lambda room, person: activities.feedback(room, person, "1", "like", "good"),
    lambda room, person: activities.feedback(room, person, "1", "dislike", nested=True),
    lambda room, person: activities.file_consent(room, person, "1", {"key": KEY}, UPLOAD),
    lambda room, person: activities.file_consent(room, person, "1", {"key": KEY}),
    lambda room, person: activities.verify_state(room, person, "123456"),
    lambda room, person: activities.signin_failure(room, person),
    lambda room, person: activities.card_action(room, person, "refresh", {"key": KEY}),
    lambda room, person: activities.on_message(room, person, "1793610101000", "<p>words</p>", "summariseThread"),
    lambda room, person: message(room, person, "what does it say?", attachments=[file(), file("b.pdf")]),
    lambda room, person: message(room, person, "", attachments=[picture()]),
    exchange,
    submitted,
    filled,
    whispered,
    event("typing"),
    event("endOfConversation", code="unknown"),
    event("event", name="application/vnd.microsoft.readReceipt", value={"lastReadMessageId": "1"}),
    event("event", name="parley/errand", value={"event": "forget", "text": KEY, "alone": True}),
    event("conversationUpdate", channelData={"eventType": "channelRenamed", "tenant": {"id": TENANT}}),
    invoke("task/fetch", {"data": {"key": KEY}}),
    invoke("composeExtension/query", {"commandId": "search", "parameters": [{"name": "q", "value": "x"}]}),
    invoke("config/fetch", {}),
)


def seeds() -> list[Activity]:
    """Every kind of activity, in every kind of place, from several people; the same ones every time."""
    return [{**one, **stamp(number)} for number, one in enumerate(_made())]


def stamp(number: int) -> dict[str, str]:
    """An id and times of one's own."""
    time = f"2026-11-21T08:{number // 60 % 60:02}:{number % 60:02}"
    return {
        "id": str(1_795_248_000_000 + number),
        "timestamp": f"{time}.000Z",
        "localTimestamp": f"{time}.000+00:00",
    }


def _made() -> Iterator[Activity]:
    for person in (ADA, DANA, GUEST):
        for room in (personal(person), GROUP, THREAD, CHANNEL):
            yield from (message(room, person, text) for text in TYPED)
            yield from (make(room, person) for make in MAKES)
