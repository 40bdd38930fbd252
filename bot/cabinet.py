"""What the operator's commands work with, and how they end.

Floor 7. A member of the room of `bot.admin`.
"""

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.audit import Action, Actor, Entry, Outcome
from bot.rulebook import Read, Rules, understood
from bot.settings import Settings
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.rows import Rule
from bot.store.seals import Seals
from bot.store.store import Store
from bot.store.vault import Vault
from bot.tables import Table, printed
from dialogs.ports import Words

DONE, MISSING, SENSELESS, AWAY = 0, 1, 2, 3
"""Exit codes: all is as it was asked for; something was not there, not done or found wrong; the command makes no sense;
nobody could look."""


class Refusal(Exception):
    """The command is not carried out: why, in words, and the exit code."""

    def __init__(self, words: str, code: int = MISSING) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True, slots=True)
class Cabinet:
    """All the drawers. `tell` prints a line of the answer, `warn` one beside it, `ask` puts a question to who sits there."""

    settings: Settings
    ledger: Ledger
    estate: Estate
    vault: Vault
    store: Store
    seals: Seals
    words: Words
    now: Callable[[], datetime]
    tell: Callable[[str], object]
    warn: Callable[[str], object]
    ask: Callable[[str], str]

    def show(self, found: Table, options: Namespace) -> int:
        """Prints a table in the form that is wished for."""
        for line in printed(found, options.form):
            self.tell(line)
        for note in found.notes if options.form == "table" and found.rows else ():
            self.warn(note)
        return DONE

    def tenant(self, options: Namespace) -> str:
        """The company that is meant: the one that was named, or the only one there is. Raises `Refusal` where it is neither."""
        if options.tenant is not None:
            return str(options.tenant)
        if len(self.settings.allowed_tenants) != 1:
            raise Refusal("say which company: --tenant, with its Entra tenant id", SENSELESS)
        return next(iter(self.settings.allowed_tenants))

    async def tenants(self, options: Namespace) -> Sequence[str]:
        """The company that was named, or all of whom anything is kept."""
        return await self.ledger.tenants() if options.tenant is None else (str(options.tenant),)

    async def kept(self, tenant: str) -> tuple[Sequence[Rule], Read]:
        """What a company has decided, and what is made of it."""
        found = await self.ledger.rules(tenant)
        return found, understood({each.name: each.value for each in found}, self.settings)

    async def rules(self, tenants: Sequence[str]) -> Callable[[str], Rules]:
        """The rules of these companies."""
        found = {tenant: (await self.kept(tenant))[1].rules for tenant in tenants}
        usual = understood({}, self.settings).rules
        return lambda tenant: found.get(tenant, usual)

    async def entry(self, action: Action, tenant: str, *, subject: str = "", rule: str = "") -> Entry:
        """The audit row of something an operator does: to whom, or to which rule."""
        rules, now = (await self.kept(tenant))[1].rules, self.now()
        made = Entry(now, tenant, "", "", "", action, Outcome.OK, actor=Actor.OPERATOR, expires=now + rules.audit)
        return replace(made, subject=subject, rule=rule)

    def confirm(self, words: str, answer: str, options: Namespace) -> None:
        """Asks before something that cannot be taken back. Raises `Refusal` for any other answer."""
        if options.yes:
            return
        try:
            given = self.ask(words)
        except EOFError:
            given = ""
        if given.strip().lower() != answer:
            raise Refusal("nothing was done")
