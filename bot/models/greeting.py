"""One word from a deployment, to see that it answers: by the same way as a person's question, at the smallest price.

Floor 6.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.models.azure import AzureModel, Resources
from bot.models.patience import Patience
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Usage

PATIENCE = Patience(late=9, first=10, silence=4, whole=12)
"""Nobody waits for longer than that to hear that something does not answer."""
GREETING = Prompt(Purpose.ANSWER, "Answer with the one word: ok", "ok?", reply=16)
"""Some twenty tokens, and as many back; a model that reasons may take a few hundred more for its thoughts."""


async def greet(
    address: str, deployment: str, token: Callable[[], Awaitable[str]], now: Callable[[], datetime]
) -> tuple[Usage, ...]:
    """What it took. Raises what `AzureModel.stream` does, also where no text came."""
    took: list[Usage] = []
    resources = Resources((address,), token, now, PATIENCE)
    try:
        model = AzureModel(resources, deployment, took.append)
        async for _ in model.stream(GREETING):
            pass
    finally:
        await resources.close()
    return tuple(took)
