"""What people send to the assistant, as Teams delivers it, and what can be pressed of what it shows them."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.attacks.connector import personal
from tests.attacks.town import Company, Spot
from tests.world.activities import Activity
from tests.world.people import Room, Someone


def named(spot: Spot) -> str:
    """As somebody would write it."""
    return f"#{spot.name} in Team {spot.team[:4]}" if spot.team else f"chat: {spot.name}"


def alone(company: Company, one: Someone) -> Room:
    """Somebody's own chat with the assistant."""
    return Room("personal", personal(company.region, one.teams), (one,))


def addressed(activity: Activity, company: Company, team: str) -> Activity:
    """The activity as one of this company's."""
    data = dict(activity["channelData"]) | {"tenant": {"id": company.id}}
    if team:
        data["team"] = {"id": f"19:{team}@thread.tacv2", "aadGroupId": team}
    return {**activity, "conversation": {**activity["conversation"], "tenantId": company.id}, "channelData": data}


def buttons(element: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The title and the data of every button in something that was shown; a document's offer under `consent`."""
    if isinstance(element, list):
        for each in element:
            yield from buttons(each)
    if isinstance(element, dict):
        if element.get("type") == "Action.Submit" and isinstance(element.get("data"), dict):
            yield str(element.get("title")), element["data"]
        if "acceptContext" in element:
            yield "consent", {"consent": element["acceptContext"]}
        for each in element.values():
            yield from buttons(each)
