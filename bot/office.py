"""What administrators and auditors see in a chat, and whether what they want to change makes sense.

Floor 7. A member of the room of `bot.admin`. Nothing here is content, but for an export, which is handed over sealed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import get_args

from bot import reports
from bot.clauses import Clause, Unruly, book
from bot.exporting import Json, Page
from bot.rulebook import Read, Rules, refuse, understood
from bot.settings import Settings
from bot.store.estate import Estate
from bot.store.ledger import Grouping, Ledger, Spent, Used
from bot.store.rows import Claim, Rule
from bot.store.spool import Spool
from bot.store.writedown import Order, write_down
from bot.values import Wrong, guid
from dialogs.attachments import Handover
from dialogs.cards import Row
from dialogs.errors import NotUnderstood, Senseless, StillHeld
from dialogs.plain import plain
from dialogs.ports import Words
from dialogs.shelves import Report
from dialogs.talk import Person

MOST = 40
"""Rows of a card; the operator's command shows more."""
EVERY = 10_000
"""Dead letters that are looked through for the one named."""
DAYS, MONTH, WEEK = 400, 30, 7
BY: tuple[Grouping, ...] = get_args(Grouping)
NOTHING = "–"
HEADS: Mapping[str, str] = {
    "day": "Day",
    "model": "Model",
    "department": "Department",
    "people": "People",
    "tokens": "Tokens",
    "cost": "Cost",
    "at": "When",
    "person": "Who",
    "action": "What",
    "outcome": "Outcome",
    "finding": "Finding",
    "turns": "Turns",
    "liked": "Liked",
    "disliked": "Disliked",
    "written": "With a comment",
    "key": "Key",
    "attempts": "Tries",
    "name": "Rule",
    "value": "Value",
    "default": "By default",
    "meaning": "What it means",
    "by": "By whom",
    "kind": "What",
    "rows": "Rows",
    "oldest": "Since",
}
Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Rooms:
    """What all asks share."""

    settings: Settings
    ledger: Ledger
    estate: Estate
    spool: Spool
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Office:
    """The `Office` of one claim and person."""

    rooms: Rooms
    claim: Claim
    person: Person
    words: Words

    async def report(self, name: str, arguments: Sequence[str]) -> Report:
        """The report of that name. Raises `NotUnderstood` where there is none."""
        if name not in REPORTS:
            raise NotUnderstood("Say **admin** to see what there is.")
        return await REPORTS[name](self, arguments)

    async def check(self, name: str, arguments: Sequence[str]) -> None:
        """Raises why a change makes no sense."""
        await CHECKS[name](self, arguments)

    async def halt(self, person: str) -> int:
        """Stops what is under way for somebody; how much of it somebody is still at work on."""
        return await self.rooms.estate.halt(self.claim.tenant, person, self.claim.conversation)

    def export(self, person: str) -> AsyncIterator[int | Handover]:
        """Writes everything of somebody down, for who asks."""
        now = self.rooms.now()
        order = Order(self.claim, self.person.id, person, now)
        return write_down(
            self.rooms.estate, self.rooms.spool, order, (Page(person, now, self.words), Json(person, now))
        )

    async def rules(self) -> tuple[Sequence[Rule], Read]:
        """What the company has decided, and what is made of it."""
        kept = await self.rooms.ledger.rules(self.claim.tenant)
        return kept, understood({each.name: each.value for each in kept}, self.rooms.settings)

    def table(self, title: str, heads: str, rows: Iterable[Sequence[Cell]], notes: Sequence[str] = ()) -> Report:
        """A report of rows under heads, of which the first are shown."""
        found = [tuple(figure(cell, self.words) for cell in row) for row in rows]
        head = Row(tuple(self.words.say(HEADS[name]) for name in heads.split()), head=True, colon=self.words.colon)
        more = (self.words.say("There is more: the operator's command shows all."),) if len(found) > MOST else ()
        none = (self.words.say("There is nothing."),) if not found else ()
        return Report(title, (head, *map(Row, found[:MOST])) if found else (), (*notes, *more, *none))

    def refused(self, why: Unruly) -> Senseless:
        """The reason in the reader's language."""
        return Senseless(self.words.say(why.text, **{name: plain(str(each)) for name, each in why.values.items()}))

    def whole(self, given: Sequence[str], usual: int, most: int) -> int:
        """A number that was given, or the usual one. Raises `Senseless` for one out of bounds."""
        if not given:
            return usual
        if len(given) > 1 or not given[0].isascii() or not given[0].isdecimal() or not 0 < int(given[0][:9]) <= most:
            raise Senseless(self.words.say("I take a whole number from 1 to {most} there.", most=most))
        return int(given[0])


async def overview(office: Office, arguments: Sequence[str]) -> Report:
    """Overview."""
    ledger, tenant = office.rooms.ledger, office.claim.tenant
    say = office.words.say
    number = office.words.number
    rules = (await office.rules())[1]
    # Sums of the whole company, whose allowance they count against: no group of it is told apart.
    today, week = [await ledger.usage_report(days, tenant) for days in (1, WEEK)]
    thumbs = await ledger.feedback(WEEK, tenant)
    liked = say(
        "{liked} liked, {disliked} disliked",
        liked=sum(each.liked for each in thumbs),
        disliked=sum(each.disliked for each in thumbs),
    )
    found = sum(each.turns for each in await ledger.filters(WEEK, tenant))
    rows = (
        (say("Tokens today"), number(reports.total(today, rules.rules).tokens)),
        (say("Tokens in 7 days"), number(reports.total(week, rules.rules).tokens)),
        (say("Cost of 7 days"), _costing(week, rules.rules, office.words)),
        (say("Found by the content filter in 7 days"), number(found)),
        (say("Feedback in 7 days"), liked),
        (say("Messages that could not be answered"), number(len(await ledger.dead(EVERY, tenant)))),
        (say("Legal holds"), number(len(await ledger.holds(tenant)))),
        (say("Rules that make no sense any more"), number(len(rules.wrong))),
    )
    return Report(say("Overview"), tuple(map(Row, rows)), (_utc(office.words),))


async def usage(office: Office, arguments: Sequence[str]) -> Report:
    """Tokens by day, model or department."""
    by: Grouping = next((each for each in BY if each in arguments), "day")
    days = office.whole([each for each in arguments if each not in BY], MONTH, DAYS)
    rules = (await office.rules())[1].rules
    used = await office.rooms.ledger.used(days, by, office.claim.tenant)
    rows = [_used(row, by, rules, office.words) for row in used]
    say = office.words.say
    heads = "model people tokens cost" if by == "model" else f"{by} model people tokens cost"
    notes = [_few(office.words), _utc(office.words)]
    if any(row.model not in rules.prices for row in used):
        notes.append(
            say("Where no price is set I tell no cost. Set it as in: admin rules set price.NAME 0.25/2.00 EUR")
        )
    title = office.words.count("Use of the last day", "Use of the last {number} days", days)
    return office.table(title, heads, rows, notes)


def _used(row: Used, by: Grouping, rules: Rules, words: Words) -> tuple[Cell, ...]:
    tokens = (row.people, row.input + row.output, _money([row], rules, words))
    if by == "model":
        return (row.model, *tokens)
    return (_group(row.group, by, words), row.model, *tokens)


def _group(group: str | None, by: Grouping, words: Words) -> str:
    if not group:
        return words.say("small groups together") if group is None else words.say("none is known")
    return words.day(date.fromisoformat(group)) if by == "day" else group


def _money(rows: Sequence[Used] | Sequence[Spent], rules: Rules, words: Words) -> str | None:
    found = reports.total(rows, rules)
    return None if found.cost is None else f"{words.number(found.cost, 2)} {rules.currency}"


def _costing(rows: Sequence[Used] | Sequence[Spent], rules: Rules, words: Words) -> str:
    money, found = _money(rows, rules, words), reports.total(rows, rules)
    if money is None:
        return NOTHING
    return money if found.whole else words.say("at least {cost}", cost=money)


def _few(words: Words) -> str:
    return words.say("Groups of fewer than 5 people are put together, or left out where even that is too few.")


def _utc(words: Words) -> str:
    return words.say("Days are those of UTC. Cost is an estimate, by the prices your company has set.")


async def audit(office: Office, arguments: Sequence[str]) -> Report:
    """What was done, the newest first."""
    limit = office.whole(arguments, MOST // 2, MOST)
    rows = await office.rooms.ledger.audit_rows(limit, office.claim.tenant)
    stamp = office.words.stamp
    found = [
        (
            stamp(row.at),
            row.person or str(row.actor),
            " ".join(filter(None, (row.action, row.rule, row.subject))),
            row.outcome,
        )
        for row in rows
    ]
    return office.table(office.words.say("What was done"), "at person action outcome", found)


async def filters(office: Office, arguments: Sequence[str]) -> Report:
    """What the content filter found."""
    days = office.whole(arguments, MONTH, DAYS)
    rows = await office.rooms.ledger.filters(days, office.claim.tenant)
    title = office.words.say("What the content filter found")
    found = [(office.words.day(row.day), row.finding, row.turns) for row in rows]
    return office.table(title, "day finding turns", found)


async def feedback(office: Office, arguments: Sequence[str]) -> Report:
    """How answers were rated."""
    days = office.whole(arguments, MONTH, DAYS)
    rows = await office.rooms.ledger.feedback(days, office.claim.tenant)
    found = [(office.words.day(row.day), row.model or None, row.liked, row.disliked, row.written) for row in rows]
    return office.table(office.words.say("How answers were rated"), "day model liked disliked written", found)


async def dead(office: Office, arguments: Sequence[str]) -> Report:
    """Messages that could not be answered."""
    rows = await office.rooms.ledger.dead(MOST + 1, office.claim.tenant)
    found = [(row.key, office.words.stamp(row.at), row.attempts) for row in rows]
    return office.table(office.words.say("Messages that could not be answered"), "key at attempts", found)


async def rules(office: Office, arguments: Sequence[str]) -> Report:
    """Every rule as it holds."""
    kept, read = await office.rules()
    given = {each.name: each.value for each in kept if each.name not in read.wrong}
    say = office.words.say
    settings = office.rooms.settings
    notes = [
        say("{name} is not applied: {reason}", name=name, reason=say(why.text, **why.values))
        for name, why in read.wrong.items()
    ]
    found = [_rule(clause, given, settings, office.words) for clause in book(settings).values()]
    return office.table(say("Rules"), "name value meaning", found, notes)


def _rule(clause: Clause, given: Mapping[str, str], settings: Settings, words: Words) -> tuple[Cell, ...]:
    value = given.get(clause.name, clause.default(settings)) or NOTHING
    return (clause.name, value, words.say(clause.meaning))


async def holds(office: Office, arguments: Sequence[str]) -> Report:
    """Whose data may not be deleted."""
    rows = await office.rooms.ledger.holds(office.claim.tenant)
    found = [(row.person, office.words.stamp(row.at), row.by or None) for row in rows]
    return office.table(office.words.say("Legal holds"), "person at by", found)


async def find(office: Office, arguments: Sequence[str]) -> Report:
    """How much is kept of a person, by table."""
    usage = (await office.rules())[1].rules.usage
    rows = await office.rooms.estate.holdings(office.claim.tenant, entra(office, arguments), usage)
    found = [(row.kind, row.rows, office.words.stamp(row.oldest) if row.oldest else None) for row in rows]
    return office.table(office.words.say("What is kept of the person"), "kind rows oldest", found)


Answering = Callable[[Office, Sequence[str]], Awaitable[Report]]
REPORTS: Mapping[str, Answering] = {
    "overview": overview,
    "usage": usage,
    "audit": audit,
    "filters": filters,
    "feedback": feedback,
    "dead": dead,
    "rules": rules,
    "holds": holds,
    "find": find,
}


async def check_rule(office: Office, arguments: Sequence[str]) -> None:
    """A rule is set to a value, or with its name alone taken back."""
    name, *value = arguments
    kept, _ = await office.rules()
    try:
        refuse(name, value[0] if value else None, {each.name: each.value for each in kept}, office.rooms.settings)
    except Unruly as why:
        raise office.refused(why) from None


async def check_erase(office: Office, arguments: Sequence[str]) -> None:
    """Somebody else who is known, and of whom nothing is held. Raises `Senseless` otherwise."""
    person = entra(office, arguments)
    if person == office.person.id.lower():
        raise Senseless(office.words.say("For yourself, write **forget me**."))
    if await office.rooms.estate.held(office.claim.tenant, person):
        raise StillHeld
    await check_known(office, arguments)


async def check_known(office: Office, arguments: Sequence[str]) -> None:
    """Somebody of whom something is kept. Raises `Senseless` otherwise."""
    if not await office.rooms.estate.known(office.claim.tenant, entra(office, arguments)):
        raise Senseless(office.words.say("I keep nothing of anybody with that id."))


async def check_hold(office: Office, arguments: Sequence[str]) -> None:
    """Anybody, also who is not known yet."""
    entra(office, arguments)


async def check_lift(office: Office, arguments: Sequence[str]) -> None:
    """Somebody of whom something is held. Raises `Senseless` otherwise."""
    if not await office.rooms.estate.held(office.claim.tenant, entra(office, arguments)):
        raise Senseless(office.words.say("There is no legal hold on that person."))


async def check_dead(office: Office, arguments: Sequence[str]) -> None:
    """The key of a dead letter of the company. Raises `Senseless` for anything else."""
    letters = await office.rooms.ledger.dead(EVERY, office.claim.tenant)
    if arguments[0] not in {letter.key for letter in letters}:
        raise Senseless(office.words.say("There is no such message any more."))


CHECKS: Mapping[str, Callable[[Office, Sequence[str]], Awaitable[None]]] = {
    "rule": check_rule,
    "erase": check_erase,
    "export": check_known,
    "hold": check_hold,
    "lift": check_lift,
    "dead": check_dead,
}


def entra(office: Office, arguments: Sequence[str]) -> str:
    """An Entra object id. Raises `Senseless`."""
    try:
        return guid(arguments[0])
    except Wrong:
        raise Senseless(
            office.words.say("That is no object id. It looks like 00000000-0000-0000-0000-000000000000.")
        ) from None


def figure(cell: Cell, words: Words) -> str:
    """A cell as it is read: a number as the reader writes it, and a dash for what is not known."""
    if cell is None:
        return NOTHING
    return words.number(cell) if isinstance(cell, int) else cell
