"""What changes a town: people write, change, take back, come, go and move."""

from collections.abc import Callable, Mapping
from random import Random

from tests.attacks.town import Company, Spot, Town

MOST = 30
"""Messages of a place that Graph still has."""


class Moves:
    """Carries changes out."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._changes: Mapping[str, Callable[[Random, Spot], None]] = {
            "write": self._write,
            "reply": self._reply,
            "edit": self._edit,
            "delete": self._delete,
        }
        self._moves: Mapping[str, Callable[[Random, Company], None]] = {
            "join": self._join,
            "leave": self._leave,
            "move": self._move,
        }

    def made(self, verb: str, chance: Random, company: Company) -> bool:
        """Whether a verb is one of these; if so, it is done."""
        if verb in self._changes:
            self._changes[verb](chance, chance.choice(company.spots))
        if verb in self._moves:
            self._moves[verb](chance, company)
        return verb in self._changes or verb in self._moves

    def _write(self, chance: Random, spot: Spot) -> None:
        if people := list(spot.everybody()):
            self._town.write(spot, chance.choice(people))
        while len(spot.records) > MOST:
            del spot.records[next(iter(spot.records))]

    def _reply(self, chance: Random, spot: Spot) -> None:
        roots = [id for id, record in spot.records.items() if not record["replyToId"]]
        people = list(spot.everybody())
        if roots and people:
            self._town.write(spot, chance.choice(people), chance.choice(roots) if spot.team else "")

    def _edit(self, chance: Random, spot: Spot) -> None:
        if spot.records:
            self._town.edit(chance.choice(list(spot.records.values())), spot)

    def _delete(self, chance: Random, spot: Spot) -> None:
        if spot.records:
            self._town.delete(chance.choice(list(spot.records.values())))

    def _join(self, chance: Random, company: Company) -> None:
        spot, one = chance.choice(company.spots), chance.choice(self._town.anybody(company.id))
        spot.members.setdefault(one, self._town.step)

    def _leave(self, chance: Random, company: Company) -> None:
        spot = chance.choice(company.spots)
        if len(spot.members) > 2:
            del spot.members[chance.choice(list(spot.members))]

    def _move(self, chance: Random, company: Company) -> None:
        """From one team to another, with all that follows."""
        one = chance.choice(company.people)
        one_team, other = chance.sample([spot for spot in company.spots if spot.kind == "standard"], 2)
        if one_team.members is not other.members and one in one_team.members and len(one_team.members) > 2:
            for spot in company.spots:
                if spot.team == one_team.team:
                    spot.members.pop(one, None)
            other.members.setdefault(one, self._town.step)
