"""Teams' connector as the town has it: rosters, and what stands in conversations."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.attacks.replies import Response, absent, told
from tests.attacks.town import Company, Town
from tests.world.people import Someone
from tests.world.roster import member

Heard = Callable[[str, str, dict[str, Any], str], object]
"""Told of everything that is shown: region, conversation, activity, and the account of the one person it is for."""
_CHAT = re.compile(r"/([a-z]+)/v3/conversations(?:/([^/]+)(?:/(activities|members|pagedmembers)(?:/(.+))?)?)?")
_STAFF = re.compile(r"29:[a-z]+-([0-9]+)-.*")


@dataclass(slots=True)
class Message:
    """What stands in a conversation. `only` is the account of the one person who sees it, "" for all."""

    body: dict[str, Any]
    only: str = ""


class Connector:
    """Answers for a town, and keeps what is said."""

    def __init__(self, town: Town, heard: Heard) -> None:
        self.town = town
        self.stock: defaultdict[tuple[str, str], dict[str, Message]] = defaultdict(dict)
        """What stands in the conversations of a region."""
        self._heard = heard
        self._ids = itertools.count(1_800_000_000_000)

    def answer(self, method: str, path: str, query: str, sent: dict[str, Any]) -> Response:
        """What is asked of it."""
        found = _CHAT.fullmatch(path)
        if found is None:
            return absent("NotFound")
        region, conversation, what, which = found[1], unquote(found[2] or ""), found[3], unquote(found[4] or "")
        if not conversation:
            return told({"id": personal(region, sent["members"][0]["id"])}, 201)
        if what == "activities":
            return self._said(method, region, conversation, which, sent, targeted="isTargetedActivity=true" in query)
        return self._roster(region, conversation, which)

    def _roster(self, region: str, conversation: str, which: str) -> Response:
        company = self.town.of_region(region)
        spot = self.town.spot(company.id, conversation)
        people = (
            list(spot.everybody())
            if spot
            else [one for one in self.town.anybody(company.id) if personal(region, one.teams) == conversation]
        )
        found = [entry(one, company) for one in people]
        if not which:
            for each in found if spot else ():
                self.town.marks.vouch((company.id, each["aadObjectId"]), conversation)
            self.town.marks.counted[conversation] = self.town.step
            return told({"members": found})
        one = next((each for each in found if which in (each["id"], each["aadObjectId"])), None)
        if one is None:
            return absent("MemberNotFoundInConversation")
        if spot:
            self.town.marks.vouch((company.id, one["aadObjectId"]), spot.id)
        return told(one)

    def _said(
        self, method: str, region: str, conversation: str, which: str, sent: dict[str, Any], *, targeted: bool
    ) -> Response:
        here = self.stock[region, conversation.partition(";")[0]]
        if method == "DELETE":
            return told({}) if here.pop(which, None) else absent("ActivityNotFoundInConversation")
        if method == "PUT":
            if which not in here or bool(here[which].only) != targeted:
                return absent("ActivityNotFoundInConversation")
            here[which].body = sent
            self._heard(region, conversation, sent, here[which].only)
            return told({"id": which})
        id = stream_of(sent) or str(next(self._ids))
        here[id] = Message(sent, (sent.get("recipient") or {}).get("id", "") if targeted else "")
        self._heard(region, conversation, sent, here[id].only)
        return told({"id": id}, 201)


def entry(one: Someone, company: Company) -> dict[str, Any]:
    """An entry of a roster."""
    return member(one, "guest" if one in company.guests else "user")


def personal(region: str, account: str) -> str:
    """The one-to-one chat of an account. Of people with the same Entra id it has the same name in both companies."""
    found = _STAFF.fullmatch(account)
    return f"a:1{found[1]}" if found else f"a:1{account}"


def stream_of(sent: Mapping[str, Any]) -> str:
    """The stream that a step belongs to."""
    return next(
        (
            str(one["streamId"])
            for one in sent.get("entities") or ()
            if one.get("type") == "streaminfo" and "streamId" in one
        ),
        "",
    )
