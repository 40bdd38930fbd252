"""What an administrator reads of a package that was made."""

from pathlib import Path

from appPackage.rules import Package

PLACES = {"personal": "chats of one's own", "team": "teams", "groupChat": "group chats"}
NEXT = """Upload it in the Teams admin centre (https://admin.teams.microsoft.com): Teams apps, Manage apps, Actions, Upload new
app; for a newer version: the app's own page, Upload file. Then allow it for the people who may use it (appPackage/README.md)."""
CHECKED = "Teams' schema {version}; our rules for sizes, icons, lengths, languages and what must agree"
UNCHECKED = "our own rules only, NOT Teams' schema: Teams says at the upload what it refuses"


def summary(out: Path, package: Package, *, unchecked: bool) -> str:
    """Where the package is, what it holds, what it asks for, and what to do with it."""
    manifest = package.manifest
    (bot,) = manifest["bots"]
    checked = UNCHECKED if unchecked else CHECKED.format(version=manifest["manifestVersion"])
    told = {
        "file": f"{out} ({package.size:,} bytes)",
        "app": f"{manifest['name']['short']} {manifest['version']}, by {manifest['developer']['name']}",
        "app id": manifest["id"],
        "works in": ", ".join(PLACES[scope] for scope in bot["scopes"]),
        "offers": ", ".join(f"{len(each['commands'])} ({each['scopes'][0]})" for each in bot["commandLists"]),
        "on a message": ", ".join(each["title"] for each in manifest["composeExtensions"][0]["commands"]),
        "languages": ", ".join(["en", *package.named.values()]),
        "may read": ", ".join(each["name"] for each in manifest["authorization"]["permissions"]["resourceSpecific"]),
        "": "where the owner of the team, or a member of the chat, says yes to it; nowhere else",
        "sign-in": f"{manifest['webApplicationInfo']['resource']} at {', '.join(manifest['validDomains'])}",
        "help, privacy": f"{manifest['developer']['websiteUrl']}, {manifest['developer']['privacyUrl']}",
        "checked": checked,
    }
    return "\n".join([*(f"{name:14}{text}" for name, text in told.items()), "", NEXT])
