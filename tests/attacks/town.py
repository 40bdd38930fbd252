"""Three companies with their people, teams, channels and chats: what Teams and Graph would know of them, in memory."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import quote

from dialogs.talk import Person
from tests.attacks.markers import Marks, Readers, Source, Who
from tests.world.archive import stamp
from tests.world.people import Room, Someone

REGIONS = ("emea", "amer", "apac")
NAMES = (
    "Alex Kim",
    "Sam Roth",
    "Alex Kim",
    "Noa Levi",
    "Sam Roth",
    "Kit Moss",
    "Max Ode",
    "Alex Kim",
    "Joy Ann",
    "Lee Fox",
)
"""Several people bear the same name."""
Record = dict[str, Any]


@dataclass(eq=False, slots=True)
class Spot:
    """A channel or group chat. `members` are those of it, or of its team, with the step since which they read along."""

    tenant: str
    kind: str
    id: str
    name: str
    members: dict[Someone, int]
    team: str = ""
    outside: dict[Someone, int] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)

    def everybody(self) -> dict[Someone, int]:
        """All who read along."""
        return {**self.members, **self.outside}

    def room(self, root: str = "") -> Room:
        """As activities name it."""
        if not self.team:
            return Room("groupChat", self.id, (), self.name)
        return Room("channel", f"{self.id};messageid={root}" if root else self.id, (), self.name, self.team, self.id)


@dataclass(eq=False)
class Company:
    """A tenant. `region` stands in its service address, and tells its conversations from another's of the same id."""

    id: str
    region: str
    people: list[Someone]
    spots: list[Spot]
    guests: set[Someone] = field(default_factory=set)


class Town(Readers):
    """All companies. Of one run: no two towns share a tenant."""

    def __init__(self, seed: int, people: int = 12) -> None:
        self.marks = Marks(self)
        self.step = 0
        self.titles: dict[str, str] = {}
        """How teams are called that have a name of their own."""
        self.companies: list[Company] = []
        self._number = 1_795_000_000_000
        self._began = datetime.now(UTC)
        chance = Random(seed)
        ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(people)]
        for region in REGIONS:
            self.companies.append(self._founded(region, ids, chance))
        self._visit(chance)
        self.signed: set[str] = {
            one.teams for company in self.companies for one in company.people if chance.random() < 0.9
        }

    def _founded(self, region: str, ids: list[str], chance: Random) -> Company:
        """People have the same Entra ids in both companies, and the same names within one."""
        tenant = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        people = [
            Someone(
                id,
                f"29:{region}-{number}-{tenant[:8]}",
                NAMES[number % len(NAMES)],
                f"{number}@{region}.example",
                tenant,
            )
            for number, id in enumerate(ids)
        ]
        return Company(
            tenant,
            region,
            people,
            [
                *self._team(tenant, people, chance, 0),
                *self._team(tenant, people, chance, 1),
                *self._chats(tenant, people, chance),
            ],
        )

    def _team(self, tenant: str, people: list[Someone], chance: Random, number: int) -> list[Spot]:
        team = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        members = dict.fromkeys(chance.sample(people, 8), 0)
        names = ("general", "incidents", "board", "partners")
        found = [
            Spot(tenant, "standard", f"19:{team[:8]}-{name}@thread.tacv2", name, members, team) for name in names[:2]
        ]
        few = dict.fromkeys(chance.sample(list(members), 4), 0)
        found.append(Spot(tenant, "private", f"19:{team[:8]}-board@thread.tacv2", "board", few, team))
        others = dict.fromkeys(chance.sample([one for one in people if one not in members], 2), 0)
        found.append(Spot(tenant, "shared", f"19:{team[:8]}-partners@thread.tacv2", "partners", members, team, others))
        return found

    def _chats(self, tenant: str, people: list[Someone], chance: Random) -> list[Spot]:
        return [
            Spot(
                tenant,
                "groupChat",
                f"19:{tenant[:8]}{number}@thread.v2",
                f"Crew {number % 2}",
                dict.fromkeys(chance.sample(people, 5), 0),
            )
            for number in range(4)
        ]

    def _visit(self, chance: Random) -> None:
        """Some of each company are guests of another: their object id there is another one."""
        for host, home in zip(self.companies, self.companies[1:] + self.companies[:1], strict=True):
            for one in home.people[:2]:
                guest = Someone(
                    str(uuid.UUID(int=chance.getrandbits(128), version=4)),
                    f"29:guest-{host.region}-{one.mail}",
                    one.name,
                    one.mail,
                    host.id,
                )
                host.guests.add(guest)
                for spot in chance.sample(host.spots, 3):
                    (spot.outside if spot.kind == "shared" else spot.members)[guest] = 0

    # what anybody may ask

    def since(self, tenant: str, home: str, who: Who) -> int | None:
        spot = self.spot(tenant, home)
        members = spot.everybody() if spot and who[0] == tenant else {}
        found = next((since for one, since in members.items() if one.id == who[1]), None)
        # A newcomer to a team sees what its channels hold, one to a chat need not have been shown its history.
        return 0 if found is not None and spot and spot.team else found

    def of(self, tenant: str, home: str) -> list[Who]:
        spot = self.spot(tenant, home)
        return [(tenant, one.id) for one in spot.everybody()] if spot else []

    def uses(self, who: Who, teams: Collection[str], home: str, vouched: bool) -> bool:
        spot = self.spot(who[0], home)
        return spot is not None and spot.team in teams and (vouched or self.reaches(who, (spot.team,)))

    def reaches(self, who: Who, teams: Collection[str]) -> bool:
        return any(
            one.id == who[1]
            for spot in self.company(who[0]).spots
            if spot.team in teams and spot.team
            for one in spot.everybody()
        )

    def team(self, id: str) -> str:
        """A team's name."""
        return self.titles.get(id, f"Team {id[:4]}")

    def spot(self, tenant: str, home: str) -> Spot | None:
        """A channel or chat of a company."""
        return next((one for one in self.company(tenant).spots if one.id == home), None)

    def company(self, tenant: str) -> Company:
        return next(one for one in self.companies if one.id == tenant)

    def of_region(self, region: str) -> Company:
        return next(one for one in self.companies if one.region == region)

    def tenant_of(self, home: str, person: Person) -> str:
        """The company a conversation belongs to. Somebody reads as of it, whatever company they are of themselves."""
        return next((one.id for one in self.companies if self.spot(one.id, home)), person.tenant)

    def anybody(self, tenant: str) -> list[Someone]:
        """All who may turn to the assistant in a company's conversations."""
        company = self.company(tenant)
        return [*company.people, *sorted(company.guests, key=lambda one: one.teams)]

    # what happens

    def write(self, spot: Spot, author: Someone, root: str = "") -> Record:
        """Somebody writes; with `root`, below that."""
        self._number += 1_000
        mark = self.marks.new(Source(spot.tenant, spot.id, author.id, self.step))
        written = stamp(int((self._began - timedelta(hours=2)).timestamp() * 1000) + len(self.marks.sources) * 10)
        record: Record = {
            "id": str(self._number),
            "messageType": "message",
            "createdDateTime": written,
            "lastModifiedDateTime": written,
            "from": {"user": {"id": author.id, "displayName": author.name}},
            "body": {"contentType": "text", "content": f"they spoke of {mark} again"},
            "replyToId": root or None,
            "webUrl": f"https://teams.microsoft.com/l/message/{quote(spot.id)}/{self._number}?tenantId={mark}",
            "mark": mark,
        }
        spot.records[record["id"]] = record
        return record

    def edit(self, record: Record, spot: Spot) -> None:
        """Somebody changes what they wrote: what stood there is nobody's to read any more."""
        self.marks.sources[record["mark"]].gone = True
        mark = self.marks.new(Source(spot.tenant, spot.id, record["from"]["user"]["id"], self.step))
        link = record["webUrl"].partition("?")[0] + f"?tenantId={mark}"
        record |= {"mark": mark, "webUrl": link, "body": {"contentType": "text", "content": f"they mean {mark} now"}}

    def delete(self, record: Record) -> None:
        """Somebody takes back what they wrote; Graph may still hand out its words."""
        self.marks.sources[record["mark"]].gone = True
        record["deletedDateTime"] = record["createdDateTime"]
