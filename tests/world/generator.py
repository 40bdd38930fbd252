"""Believable threads of work, as many as wanted and the same for the same seed, in Graph's shape.

thread = generate(7, posts=200, people=5)
graph.load(thread.record)
thread.decisions                    # ids of the messages in which something was decided
for thread in generate_channel(7, threads=400, posts=10_000):
    graph.load(thread.record)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.world.archive import Record, fresh, mention, stamp
from tests.world.people import CHANNEL, PEOPLE, TEAM, Someone, kind

TOPICS = {
    "the release": (
        "the release notes",
        "the rollback plan",
        "the load test",
        "the beta feedback",
        "the version number",
    ),
    "the pricing page": ("the comparison table", "the annual discount", "the footnotes", "the currency switch"),
    "the database migration": ("the index rebuild", "the read replica", "the downtime window", "the backup check"),
    "the supplier contract": ("the notice period", "the service credits", "the data processing annex", "the price cap"),
    "the office move": ("the seating plan", "the network cabinet", "the move date", "the parking spaces"),
    "the hiring round": ("the interview panel", "the take-home task", "the salary band", "the start date"),
}
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "the 4th", "the 12th", "the end of the month")
DECISIONS = (
    "Decided: {item} goes ahead on {day}.",
    "OK, we agreed to postpone {item} until {day}.",
    "Then it is settled: we drop {item} from {topic}.",
    "Decision: {other} signs off {item}, nobody else needs to.",
)
ACTIONS = (
    "I will send round {item} by {day}.",
    "Action for me: finish {item} before {day}.",
    "{other} please check {item} and tell us by {day}.",
    "I'll take {item}, you will have it on {day}.",
)
QUESTIONS = (
    "Who owns {item} at the moment?",
    "Do we still need {item} for {topic}?",
    "What did legal say about {item}?",
    "Is {day} realistic for {item}?",
)
REMARKS = (
    "The draft of {item} is in the folder, comments welcome.",
    "I talked to the customer about {topic}: they care most about {item}.",
    "Numbers for {item} look better than last week, {number} instead of {more}.",
    "{item} is blocked, the test environment has been down since {day}.",
    "For {topic} we have spent {number} of {more} hours so far.",
    "Not convinced. {item} took us {number} days last time.",
    "One more thing about {item}: the owner changed, it is {other} now.",
)
CHATTER = (
    "Thanks!",
    "Sounds good.",
    "+1",
    "Agreed.",
    "Back in ten minutes.",
    "Good point.",
    "Sorry, wrong thread.",
    "👍",
)
KINDS = {"decision": DECISIONS, "action": ACTIONS, "question": QUESTIONS, "remark": REMARKS, "chatter": CHATTER}
WEIGHTS = {"decision": 1, "action": 2, "question": 2, "remark": 8, "chatter": 3}
START = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread and what is true of it: the ids of its messages by what they say. Deleted ones are only in `deleted`."""

    record: Mapping[str, Any]
    decisions: tuple[str, ...]
    actions: tuple[str, ...]
    questions: tuple[str, ...]
    edited: tuple[str, ...]
    deleted: tuple[str, ...]

    @property
    def posts(self) -> Sequence[Record]:
        """All messages, oldest first."""
        found: Sequence[Record] = self.record.get("messages") or [self.record["root"], *self.record["replies"]]
        return found


def crowd(count: int) -> tuple[Someone, ...]:
    """That many people; beyond the company's own they are numbered."""
    more = (
        Someone(f"b0000000-0000-4000-8000-{n:012d}", f"29:2extra{n}", f"Person Number{n}", f"p{n}@contoso.example")
        for n in range(len(PEOPLE), count)
    )
    return (*PEOPLE, *more)[:count]


def generate(
    seed: int,
    *,
    posts: int = 50,
    people: int = 5,
    edits: float = 0.04,
    deletes: float = 0.03,
    start: datetime = START,
    conversation: str = CHANNEL.conversation,
    lane: tuple[int, int] = (0, 1),
) -> Thread:
    """A thread in a channel ({"root", "replies"}) or, with a chat's id, a chat ({"messages"}).

    `edits` and `deletes` are the shares of messages that are; the root is never deleted. Threads of different lanes
    (number, of how many) share no id.
    """
    chance = Random(seed)
    says = _speaker(chance, crowd(people))
    number, of_all = lane
    times = [millis - millis % of_all + number for millis in _times(chance, start, posts)]
    place = f"{conversation};messageid={times[0]}" if kind(conversation) == "channel" else conversation
    written = [says(millis, place if number else conversation) for number, millis in enumerate(times)]
    edited = [record["id"] for record, _ in written if chance.random() < edits]
    deleted = [record["id"] for record, _ in written[1:] if chance.random() < deletes]
    records = [_aged(record, record["id"] in edited, record["id"] in deleted) for record, _ in written]

    def of(wanted: str) -> tuple[str, ...]:
        return tuple(record["id"] for record, what in written if what == wanted and record["id"] not in deleted)

    body = {"root": records[0], "replies": records[1:]} if place != conversation else {"messages": records}
    return Thread(body, of("decision"), of("action"), of("question"), tuple(edited), tuple(deleted))


def generate_channel(
    seed: int,
    *,
    threads: int = 400,
    posts: int = 10_000,
    people: int = 9,
    start: datetime = START,
    days: int = 5,
    conversation: str = CHANNEL.conversation,
) -> tuple[Thread, ...]:
    """Threads of a channel, the first message of each within so many days of `start`; `posts` are those of all."""
    chance = Random(seed)
    sizes = _sizes(chance, threads, posts)
    starts = sorted(start + timedelta(seconds=chance.uniform(0, days * 86_400)) for _ in sizes)
    return tuple(
        generate(
            seed + number,
            posts=size,
            people=people,
            start=begun,
            conversation=conversation,
            lane=(number, threads),
        )
        for number, (size, begun) in enumerate(zip(sizes, starts, strict=True))
    )


def _sizes(chance: Random, threads: int, posts: int) -> list[int]:
    """How long each thread is: one message at least, most of them short."""
    weights = [chance.expovariate(1) for _ in range(threads)]
    sizes = [1 + int((posts - threads) * weight / sum(weights)) for weight in weights]
    sizes[-1] += posts - sum(sizes)
    return sizes


def _speaker(chance: Random, people: Sequence[Someone]) -> Callable[[int, str], tuple[Record, str]]:
    """Writes one message after another about one topic; the second part is what kind of message it is."""
    topic = chance.choice(list(TOPICS))

    def says(millis: int, conversation: str) -> tuple[Record, str]:
        what = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        who, other = chance.sample(people, 2) if len(people) > 1 else (people[0], people[0])
        line = chance.choice(KINDS[what])
        tag, entry = mention(0, other)
        text = _filled(chance, line, topic, tag)
        record = fresh(millis, conversation, TEAM, who, "", f"<p>{text[0].upper()}{text[1:]}</p>")
        return {**record, "mentions": [entry] if tag in text else []}, what

    return says


def _filled(chance: Random, line: str, topic: str, other: str) -> str:
    number = chance.randint(2, 40)
    words = {"item": chance.choice(TOPICS[topic]), "day": chance.choice(DAYS), "topic": topic, "other": other}
    return line.format(number=number, more=number + chance.randint(1, 60), **words)


def _times(chance: Random, start: datetime, posts: int) -> list[int]:
    """When each message was written, in milliseconds: mostly minutes apart, sometimes hours."""
    moment, found = start, []
    for _ in range(posts):
        moment += timedelta(seconds=chance.choice((20, 60, 90, 240, 900, 7_200)) + chance.randint(1, 50))
        found.append(int(moment.timestamp() * 1000) + chance.randint(0, 999))
    return found


def _aged(record: Record, edited: bool, deleted: bool) -> Record:
    """The message after what happened to it later."""
    later = stamp(int(record["id"]) + 120_000)
    if deleted:
        gone = {"body": {"contentType": "html", "content": ""}, "mentions": []}
        return {**record, **gone, "deletedDateTime": later, "lastModifiedDateTime": later}
    return {**record, "lastEditedDateTime": later, "lastModifiedDateTime": later} if edited else record
