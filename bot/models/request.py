"""What is asked of a model, as Chat Completions wants it.

Floor 6. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.limits import THINKING
from dialogs.preferences import Creativity
from dialogs.prompt import Prompt
from dialogs.talk import Message

TEMPERATURES: Mapping[Creativity, float] = {"low": 0.2, "high": 1.2}
"""How creative a person may want it; without a wish the model goes by its own, which is 1."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment as one person asks it. `person` is an opaque identifier of who asks; see `bot.models.azure.opaque`.

    `tunable`: the model takes a temperature; those that reason refuse it.
    """

    name: str
    person: str = ""
    tunable: bool = False


def request(deployment: Deployment, prompt: Prompt, said: Sequence[Message]) -> dict[str, Any]:
    """The call, without what is said of its pictures; nothing of it is stored."""
    asked: dict[str, Any] = {
        "model": deployment.name,
        "messages": [{"role": message.role, "content": message.text} for message in said],
        "max_completion_tokens": prompt.reply + THINKING,
        "stream_options": {"include_usage": True},
        "store": False,
    }
    if deployment.tunable and prompt.creativity:
        asked["temperature"] = TEMPERATURES[prompt.creativity]
    if deployment.person:
        asked["safety_identifier"] = deployment.person
    if prompt.schema is not None:
        form = {"name": prompt.purpose.value, "schema": prompt.schema, "strict": is_strict(prompt.schema)}
        asked["response_format"] = {"type": "json_schema", "json_schema": form}
    return asked


def is_strict(schema: Any) -> bool:
    """Whether a schema keeps to what strict mode takes: every object closed, every property required."""
    if isinstance(schema, list | tuple):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        known = set(schema.get("properties", ()))
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != known:
            return False
    return all(map(is_strict, schema.values()))
