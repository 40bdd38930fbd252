"""What Teams offers to click: commands of the menu, and beginnings of tasks. All of it comes from `dialogs`.

Teams puts the prompt into the box where people write, so that they can finish it before they send it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from appPackage.wording import own
from dialogs import menu
from dialogs.command import Command
from dialogs.toolbox import BY_NAME


@dataclass(frozen=True, slots=True)
class Starter:
    """One of them. In another language, the words of the `command` are the prompt, where no catalogue has another one."""

    title: str
    description: str
    prompt: str
    command: Command | None = None


def plain(command: Command) -> Starter:
    """A command that needs nothing more."""
    return Starter(command.title.capitalize(), command.description, command.title, command)


def task(name: str) -> Starter:
    """The beginning of a task, to which people add their text."""
    found = BY_NAME[name]
    return Starter(found.heading, found.explains, found.starter)


ALONE = (
    *map(plain, (menu.HELP, menu.NEW_CHAT, menu.CHATS, menu.TASKS, menu.SETTINGS, menu.USAGE, menu.KNOW)),
    *map(task, ("rewrite", "translate", "answer", "table", "code")),
)
"""In a chat of one's own."""
AMONG = (
    *map(plain, (menu.SUMMARISE, menu.DECISIONS, menu.ACTIONS, menu.CATCH_UP)),
    Starter("Privately", "A summary that only you see", "privately summarise the last 24 hours"),
    Starter("What was said about", menu.ABOUT.description, "what was said about ", menu.ABOUT),
    Starter("Digest", menu.DIGEST.description, "digest daily 9:00"),
    *map(plain, (menu.STOP, menu.NEW_CHAT, menu.HELP)),
)
"""Where several people talk."""
SCOPES: Mapping[str, tuple[Starter, ...]] = MappingProxyType({"personal": ALONE, "team": AMONG, "groupChat": AMONG})
"""As the manifest calls the places."""


def lists(language: str) -> list[dict[str, Any]]:
    """The manifest's `commandLists`, with prompts in a language; titles and descriptions stay English."""
    return [{"scopes": [scope], "commands": list(shown(starters, language))} for scope, starters in SCOPES.items()]


def shown(starters: Iterable[Starter], language: str) -> Iterable[dict[str, str]]:
    """The entries of one list."""
    for each in starters:
        prompt = phrase(each, language)
        yield {"title": each.title, "description": each.description, "type": "prompt", "prompt": prompt}


def phrase(starter: Starter, language: str) -> str:
    """What is put into the box: the prompt as it is translated, or the command's own words; English where there are none."""
    if written := own(starter.prompt, language):
        return written
    known = spoken(starter.command).get(language, ()) if starter.command else ()
    whole = [words for words in known if "…" not in words]
    if not whole:
        return known[0] if known else starter.prompt
    return whole[0] + starter.prompt[len(starter.prompt.rstrip()) :]


def spoken(command: Command) -> Mapping[str, tuple[str, ...]]:
    """What a command is called in other languages."""
    return {"de": command.de, "fr": command.fr, "es": command.es, "ja": command.ja}
