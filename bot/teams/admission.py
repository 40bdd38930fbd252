"""Whether somebody is answered: everything that is known of a person, brought before one decision.

Floor 7. A member of the room of `bot.teams.desk`. What needs nobody to be asked is decided first, so that a stranger
costs nothing; then Teams is asked whether they are a guest, and the token service for their session. In doubt it is no.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.rulebook import Rules
from bot.settings import Settings
from bot.teams.activity import Incoming
from bot.teams.members import Guests, Roster
from bot.teams.sessions import session
from bot.teams.signin import SignIn
from dialogs.errors import NeedsSignIn
from dialogs.rules import Asker, Policy, Session, asks, refusal, stale
from dialogs.talk import Place


@dataclass(frozen=True, slots=True)
class Matter:
    """What is asked for. `free` things are told to whoever has not signed in too; `office` are the roles, one of which an
    administrator's command takes: without any, nobody is one."""

    free: bool = False
    office: frozenset[str] | None = None


USUAL = Matter()


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may come in. `rules` are what a tenant has decided for itself."""

    settings: Settings
    sign_in: SignIn
    guests: Guests
    rules: Callable[[str], Awaitable[Rules]]
    now: Callable[[], datetime]

    async def check(self, incoming: Incoming, place: Place, roster: Roster, matter: Matter = USUAL) -> Session | None:
        """The session the sender was asked for. Raises why they are not answered."""
        sender = incoming.sender
        asker = Asker(sender.entra, (*incoming.tenants, *filter(None, (sender.tenant,))), place.kind)
        self._decide(asker, Policy(self.settings.allowed_tenants, sign_in=False))
        rules = await self.rules(incoming.tenant)
        if not self.settings.allowed_tenants:  # local mode: whoever sits at this machine
            self._decide(asker, Policy(frozenset(), sign_in=False, places=rules.places))
            return None
        footing = await self.guests.footing(roster, place)
        known = replace(asker, tenants=(*asker.tenants, *filter(None, (footing.tenant,))), guest=footing.guest)
        policy = self._policy(rules, matter)
        # Who is refused whoever they are signed in as is not asked to sign in for it.
        self._decide(known, replace(policy, sign_in=False, role="", office=None))
        session = await self._session(incoming, policy)
        self._decide(replace(known, session=session), policy)
        return session

    def _policy(self, rules: Rules, matter: Matter) -> Policy:
        return Policy(
            tenants=self.settings.allowed_tenants,
            sign_in=self.settings.require_sign_in and not matter.free,
            role="" if matter.free else self.settings.user_role,
            guests=rules.guests,
            places=rules.places,
            age=rules.session,
            office=matter.office,
        )

    def _decide(self, asker: Asker, policy: Policy) -> None:
        refused = refusal(asker, policy, self.now())
        if refused is not None:
            raise refused

    async def _session(self, incoming: Incoming, policy: Policy) -> Session | None:
        """The sender's session, where the policy asks for one. Raises `NeedsSignIn` for somebody else's, or an old one."""
        if not asks(policy):
            return None
        found = session(await self.sign_in.token(incoming.sender.id), self.settings.microsoft_app_id)
        if found is None or found.expires <= self.now():
            return found
        if found.person.casefold() != incoming.sender.entra.casefold() or stale(found, policy, self.now()):
            # Somebody signed in with another account by mistake, or too long ago. Kept, the service would hand out the
            # same token again and again.
            await self.sign_in.sign_out(incoming.sender.id)
            raise NeedsSignIn
        return found
