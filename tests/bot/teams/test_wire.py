from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from botbuilder.schema import (
    Activity,
    ActivityTypes,
    Attachment,
    CardAction,
    ChannelAccount,
    ConversationAccount,
    Entity,
    HeroCard,
    SuggestedActions,
)
from botbuilder.schema.teams import TeamsChannelData

from bot.teams.wire import from_wire, to_wire
from tests.world import activities
from tests.world.activities import message
from tests.world.people import ADA, BRUNO, CHANNEL, GROUP, THREAD, personal

STREAM = {"type": "streaminfo", "streamId": "a-1", "streamType": "streaming", "streamSequence": 2}
ROOT = {
    "type": "https://schema.org/Message",
    "@type": "Message",
    "@context": "https://schema.org",
    "additionalType": ["AIGeneratedContent"],
    "citation": [{"@type": "Claim", "position": 1, "appearance": {"@type": "DigitalDocument", "name": "x"}}],
}


@pytest.mark.parametrize(
    "activity",
    [
        message(personal(ADA), ADA, "hello"),
        message(THREAD, ADA, "hello", entities=[activities.mention(BRUNO.teams, BRUNO.name)]),
        activities.added(CHANNEL, ADA),
        activities.installed(GROUP, ADA),
        activities.reaction(personal(ADA), ADA, "1"),
        activities.feedback(personal(ADA), ADA, "1"),
        {**message(personal(ADA), ADA, "hello"), "brandNew": {"nested": [1, {"x": None}]}},
        {"type": "message", "entities": [STREAM, ROOT]},
        {
            "type": "message",
            "suggestedActions": {"to": [], "actions": [{"type": "imBack", "title": "A", "value": "a"}]},
        },
    ],
)
def test_an_activity_comes_through_both_ways_unchanged(activity: dict[str, Any]) -> None:
    again = to_wire(from_wire(Activity, activity))
    for name in ("timestamp", "localTimestamp"):
        assert moment(again.pop(name, None)) == moment(activity.get(name))
    assert again == {name: value for name, value in activity.items() if name not in ("timestamp", "localTimestamp")}


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def test_the_sdk_finds_its_own_types_in_an_activity() -> None:
    found = from_wire(Activity, message(THREAD, ADA, "hello"))
    assert isinstance(found.conversation, ConversationAccount)
    assert isinstance(found.from_property, ChannelAccount)
    assert isinstance(found.entities[0], Entity)
    assert isinstance(found.timestamp, datetime)


def test_unknown_fields_of_an_entity_are_kept_where_the_sdk_looks_for_them() -> None:
    found = from_wire(Activity, {"type": "message", "entities": [STREAM]})
    assert found.entities[0].additional_properties["streamId"] == "a-1"


def test_two_models_share_nothing() -> None:
    one, other = (from_wire(Activity, {"type": "message"}) for _ in range(2))
    one.additional_properties["x"] = 1
    assert other.additional_properties == {}


def test_an_entity_may_be_a_plain_dict() -> None:
    assert to_wire(Activity(type="message", entities=[STREAM]))["entities"] == [STREAM]


def test_a_model_of_the_sdk_is_written_by_its_own_names() -> None:
    card = HeroCard(title="T", buttons=[CardAction(type="imBack", title="A", value="a")])
    activity = Activity(
        type=ActivityTypes.message,
        from_property=ChannelAccount(id="28:bot", aad_object_id="x"),
        attachments=[Attachment(content_type="application/vnd.microsoft.card.hero", content=card)],
        suggested_actions=SuggestedActions(to=[], actions=[]),
        channel_data=TeamsChannelData(event_type="x"),
        reply_to_id="1",
    )
    assert orjson.loads(orjson.dumps(to_wire(activity))) == {
        "type": "message",
        "from": {"id": "28:bot", "aadObjectId": "x"},
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.hero",
                "content": {"title": "T", "buttons": [{"type": "imBack", "title": "A", "value": "a"}]},
            }
        ],
        "suggestedActions": {"to": [], "actions": []},
        "channelData": {"eventType": "x", "onBehalfOf": []},
        "replyToId": "1",
    }


@pytest.mark.parametrize(
    ("time", "written"),
    [
        (datetime(2026, 11, 21, 8, tzinfo=UTC), "2026-11-21T08:00:00Z"),
        (datetime(2026, 11, 21, 8), "2026-11-21T08:00:00Z"),  # noqa: DTZ001  the SDK makes such times itself
        (datetime(2026, 11, 21, 8, tzinfo=timezone(timedelta(hours=1))), "2026-11-21T08:00:00+01:00"),
    ],
)
def test_a_time_is_written_with_its_zone(time: datetime, written: str) -> None:
    assert to_wire(Activity(timestamp=time)) == {"timestamp": written}


def test_a_time_that_is_none_stays_as_it_came() -> None:
    assert to_wire(from_wire(Activity, {"timestamp": "yesterday"})) == {"timestamp": "yesterday"}


@pytest.mark.parametrize("field", [{"conversation": "x"}, {"entities": "x"}, {"entities": ["x"]}, {"from": [1]}])
def test_a_field_of_a_wrong_type_stays_as_it_came(field: dict[str, Any]) -> None:
    assert to_wire(from_wire(Activity, field)) == field


def test_who_called_is_for_the_bot_alone() -> None:
    assert to_wire(Activity(type="message", caller_id="urn:x")) == {"type": "message"}
