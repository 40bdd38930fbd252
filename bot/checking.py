"""The command `check`: what the doctor looks with, put together, and its findings printed.

Floor 8. A member of the room of `app`.
"""

import argparse
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial

from bot import doctor
from bot.doctor_arguments import asked
from bot.findings import Asked, Probes
from bot.foundation import Identities, Machine, database, known, local, wrapper
from bot.names import resolve
from bot.papers.reader import Reader
from bot.settings import Settings, Unfit, read
from bot.store.condition import condition
from bot.store.schema import missing
from bot.teams.line import open_session
from bot.tokens import EXCHANGE_SCOPE, scopes
from bot.wrapping import KEY, sure


async def checking(options: argparse.Namespace, environ: Mapping[str, str], machine: Machine) -> int:
    """Print a line for each check; 1 where one failed, 2 where the settings are unfit and nothing else was looked at."""
    form = doctor.written if options.json else doctor.plain
    try:
        settings = read(environ, local=options.local)
    except Unfit as unfit:
        for found in doctor.unfit(unfit.faults):
            print(form(found))
        return 2
    async with AsyncExitStack() as stack:
        looks = await probes(settings, machine, stack, asked(options))
        return await doctor.examine(settings, looks, lambda found: print(form(found), flush=True))


async def probes(settings: Settings, machine: Machine, stack: AsyncExitStack, wanted: Asked) -> Probes:
    """What the doctor looks with."""
    session = await stack.enter_async_context(open_session())
    who = await known(settings, machine, stack)
    address = await database(settings, who, stack)
    scope, _ = scopes(settings.login_url)
    return Probes(
        session=session,
        now=machine.now,
        resolve=resolve,
        missing=partial(missing, address),
        condition=partial(condition, address),
        identity_token=partial(who.machine or local, EXCHANGE_SCOPE),
        bot_token=partial(who.bot or local, scope),
        graph_token=partial(who.bot or local, f"{settings.graph_url}/.default"),
        fenced=Reader().fenced,
        model_token=partial(model_token, settings, who),
        content_key=partial(sure, wrapper(settings, session, who), bytes(KEY)),
        asked=wanted,
    )


async def model_token(settings: Settings, who: Identities) -> str:
    """What the models are asked with."""
    return settings.model_key or await (who.machine or local)(settings.azure_openai_scope)
