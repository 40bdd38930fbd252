"""What a restored database does not know, and what it does not know that people have seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.drill.people import Accepted, People
from tests.drill.questions import asked

INBOX = "SELECT activity, open FROM inbox WHERE person <> ''"


@dataclass(frozen=True, slots=True)
class Loss:
    """Messages by name, of the `accepted` ones from before the moment that is counted to.

    `forgotten`: answered before people's eyes, and the database knows of neither question nor answer. `unanswered`: accepted
    and gone, nobody will ever answer. `reopened`: people have read the answer, the database does not know that and has it
    answered again. `seconds`: how long before the moment the oldest of what is missing was accepted.
    """

    accepted: int
    forgotten: tuple[str, ...]
    unanswered: tuple[str, ...]
    reopened: tuple[str, ...]
    seconds: float

    @property
    def missing(self) -> tuple[str, ...]:
        """What the database does not know."""
        return (*self.forgotten, *self.unanswered)

    def __str__(self) -> str:
        parts = f"{len(self.forgotten)} answered and forgotten, {len(self.unanswered)} never to be answered"
        return (
            f"RPO {self.seconds:.1f} s, {len(self.missing)} of {self.accepted} accepted messages missing ({parts}); "
            f"{len(self.reopened)} that people have read the answer to are open again"
        )


async def loss(people: People, postgres: str, moment: float) -> Loss:
    """What is lost, counted before anybody serves the database at `postgres`; the other was destroyed at `moment`.

    An answer of the door may come a moment after its database is gone, hence all that were accepted until now.
    """
    known: Mapping[str, bool] = dict(await asked(postgres, INBOX))
    before = list(people.accepted)
    missing = [each for each in before if each.activity not in known]
    seen = people.standing
    return Loss(
        accepted=len(before),
        forgotten=named(each for each in missing if each.question.name in seen),
        unanswered=named(each for each in missing if each.question.name not in seen),
        reopened=named(each for each in before if known.get(each.activity) and each.question.name in seen),
        seconds=max((moment - each.at for each in missing), default=0.0),
    )


def named(found: Iterable[Accepted]) -> tuple[str, ...]:
    """The names of messages."""
    return tuple(each.question.name for each in found)
