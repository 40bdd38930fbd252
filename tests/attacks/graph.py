"""Microsoft Graph as the town has it: places with their messages, what people belong to, and the files on messages."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.attacks.badges import APP_TOKEN, owner
from tests.attacks.markers import Who
from tests.attacks.markers import marks as marks_in
from tests.attacks.replies import Response, absent, told
from tests.attacks.town import Spot, Town

_CHANNEL = re.compile(r"/v1\.0/teams/([^/]+)/channels/([^/]+)/messages(?:/([0-9]+)(?:/(replies)(?:/([0-9]+))?)?)?")
_CHAT = re.compile(r"/v1\.0/chats/([^/]+)/messages(?:/([0-9]+))?")


class Graph:
    """Answers for a town. `broken`: what it refuses with, by the channel or chat."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.broken: Mapping[str, bytes] = {}

    def answer(self, path: str, token: str) -> Response:
        """What is asked with a token."""
        who = None if token == APP_TOKEN else owner(token)
        if path == "/v1.0/me":
            return told({"department": "Sales"})
        if who is None and token != APP_TOKEN:
            return told({"error": {"code": "InvalidAuthenticationToken"}}, 401)
        if path.startswith("/v1.0/me/") or path.endswith("/allChannels"):
            return told({"value": list(self._listed(path, who))}) if who else absent("Forbidden", 403)
        if path.startswith("/v1.0/shares/"):
            return self._file(path.split("/")[3], who)
        return self._read(path, who)

    def _file(self, share: str, who: Who | None) -> Response:
        """Where a file may be downloaded: by its author and nobody else."""
        address = base64.urlsafe_b64decode(share.removeprefix("u!") + "==").decode()
        source = self.town.marks.sources[address.rpartition("/")[2]]
        if who != (source.tenant, source.author):
            return absent("Forbidden", 403)
        link = "/file/".join(address.rsplit("/", 1))
        file = {"mimeType": "text/plain"}
        return told({"id": "1", "name": "notes.txt", "file": file, "@microsoft.graph.downloadUrl": link})

    def _listed(self, path: str, who: Who | None) -> Iterator[dict[str, Any]]:
        if who is None:
            return
        mine = [spot for spot in self.town.company(who[0]).spots if self.town.since(who[0], spot.id, who) is not None]
        if path.endswith("joinedTeams"):
            yield from (
                {"id": team, "displayName": self.town.team(team)}
                for team in dict.fromkeys(one.team for one in mine if one.team)
            )
        elif path.endswith("chats"):
            yield from (
                {
                    "id": one.id,
                    "topic": one.name,
                    "chatType": "meeting" if one.kind == "meeting" else "group",
                    "members": [],
                }
                for one in mine
                if not one.team
            )
        else:
            yield from ({"id": one.id, "displayName": one.name} for one in mine if one.team and one.team in path)

    def _read(self, path: str, who: Who | None) -> Response:
        """The application reads everything everywhere: what keeps it from telling is the house alone."""
        channel, chat = _CHANNEL.fullmatch(path), _CHAT.fullmatch(path)
        home = channel[2] if channel else chat[1] if chat else ""
        spot = next((found for company in self.town.companies if (found := self.town.spot(company.id, home))), None)
        if home in self.broken:
            return Response(403, self.broken[home])
        if spot is None or (channel and spot.team != channel[1]):
            return absent("NotFound")
        if who is not None:
            if self.town.since(spot.tenant, spot.id, who) is None:
                return absent("Forbidden", 403)
            self.town.marks.vouch(who, spot.id)
        single = (channel[5] or (channel[3] if not channel[4] else "")) if channel else chat[2] if chat else ""
        if single:
            return self._served(spot.records[single]) if single in spot.records else absent("NotFound")
        return self._served({"value": pages(spot, channel[3] if channel else None)})

    def _served(self, page: dict[str, Any]) -> Response:
        data = json.dumps(page)
        marks = self.town.marks
        marks.fresh.update(mark for mark in marks_in(data) if not marks.sources[mark].gone)
        return Response(200, data.encode())


def pages(spot: Spot, root: str | None) -> list[dict[str, Any]]:
    """What Graph has of a place: a chat's messages, a channel's roots with their replies, or the replies to one."""
    newest = list(reversed(spot.records.values()))
    if not spot.team:
        return newest[:50]
    if root is not None:
        return [one for one in newest if one["replyToId"] == root][:50]
    return [
        {**one, "replies": [each for each in newest if each["replyToId"] == one["id"]]}
        for one in newest
        if not one["replyToId"]
    ][:20]
