"""Whether somebody is answered: everything that is known of a person, brought before one decision.

Floor 7. A member of the room of `bot.teams.desk`. What needs nobody to be asked is decided first, so that a stranger
costs nothing; then Teams is asked whether they are a guest, and the token service for their session. In doubt it is no.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.settings import Settings
from bot.teams.activity import Incoming
from bot.teams.members import Guests, Roster
from bot.teams.sessions import session
from bot.teams.signin import SignIn
from dialogs.errors import NeedsSignIn
from dialogs.rules import Asker, Policy, Session, refusal
from dialogs.talk import Place


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may come in. `rules` are what a tenant has decided for itself."""

    settings: Settings
    sign_in: SignIn
    guests: Guests
    rules: Callable[[str], Awaitable[Mapping[str, str]]]
    now: Callable[[], datetime]

    async def check(self, incoming: Incoming, place: Place, roster: Roster, *, free: bool = False) -> None:
        """Raises why the sender is not answered. `free` things are told to whoever has not signed in too."""
        sender = incoming.sender
        asker = Asker(sender.entra, (*incoming.tenants, *filter(None, (sender.tenant,))))
        self._decide(asker, Policy(self.settings.allowed_tenants, sign_in=False))
        if not self.settings.allowed_tenants:  # local mode: whoever sits at this machine
            return
        footing = await self.guests.footing(roster, place)
        known = replace(asker, tenants=(*asker.tenants, *filter(None, (footing.tenant,))), guest=footing.guest)
        policy = Policy(
            tenants=self.settings.allowed_tenants,
            sign_in=self.settings.require_sign_in and not free,
            role="" if free else self.settings.user_role,
            guests=footing.guest and (await self.rules(incoming.tenant)).get("guests") == "allow",
        )
        self._decide(replace(known, session=await self._session(incoming, policy)), policy)

    def _decide(self, asker: Asker, policy: Policy) -> None:
        refused = refusal(asker, policy, self.now())
        if refused is not None:
            raise refused

    async def _session(self, incoming: Incoming, policy: Policy) -> Session | None:
        """The sender's session, where the policy asks for one. Raises `NeedsSignIn` for somebody else's."""
        if not policy.sign_in and not policy.role:
            return None
        found = session(await self.sign_in.token(incoming.sender.id), self.settings.microsoft_app_id)
        if found is not None and found.person.casefold() != incoming.sender.entra.casefold():
            # Somebody signed in with another account by mistake; kept, it would shut them out for good.
            await self.sign_in.sign_out(incoming.sender.id)
            raise NeedsSignIn
        return found
