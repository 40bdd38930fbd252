"""Makes the package that Teams installs: the manifest with your own ids in it, and the two icons, in one zip.

    python appPackage/build.py --app-id YOUR-APP-ID --company Contoso --website https://contoso.com/parley

`--app-id` is the app registration of the bot, the same as MICROSOFT_APP_ID. The same values give the same bytes.
"""

import argparse
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
ICONS = ("color.png", "outline.png")
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date every file of the package bears, so that a package says nothing about when it was made."""


def guid(text: str) -> str:
    """An id as Entra writes it."""
    if not GUID.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not an id like 00000000-0000-0000-0000-000000000000")
    return text.lower()


def secure(text: str) -> str:
    """An address that Teams may show."""
    if not text.startswith("https://"):
        raise argparse.ArgumentTypeError(f"{text!r} does not begin with https://")
    return text


def company(text: str) -> str:
    """A name that fits where Teams shows it."""
    if not 1 <= len(text) <= 32:
        raise argparse.ArgumentTypeError("a company's name has 1 to 32 characters here")
    return text


def arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description="Make the Teams app package of Parley.")
    parser.add_argument("--app-id", type=guid, required=True, help="the bot's app registration (client id)")
    parser.add_argument("--company", type=company, required=True, help="who offers it, as people see it")
    parser.add_argument("--website", type=secure, required=True, help="where people find help")
    parser.add_argument("--privacy", type=secure, help="your privacy notice; the website where not given")
    parser.add_argument("--terms", type=secure, help="your terms of use; the website where not given")
    parser.add_argument("--out", type=Path, default=HERE / "dist" / "parley.zip", help="where to write the package")
    return parser.parse_args(argv)


def values(asked: argparse.Namespace) -> dict[str, str]:
    """What stands for each placeholder of the manifest."""
    return {
        "MICROSOFT_APP_ID": asked.app_id,
        "COMPANY": asked.company,
        "WEBSITE_URL": asked.website,
        "PRIVACY_URL": asked.privacy or asked.website,
        "TERMS_URL": asked.terms or asked.website,
    }


def filled(template: str, given: Mapping[str, str]) -> str:
    """The manifest with every placeholder replaced; an unknown one raises `KeyError`."""
    return re.sub(r"\$\{\{(\w+)\}\}", lambda found: json.dumps(given[found[1]])[1:-1], template)


def write(out: Path, manifest: str) -> None:
    """The zip: manifest and icons at its root, as Teams wants them."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("manifest.json", EPOCH), manifest)
        for name in ICONS:
            package.writestr(zipfile.ZipInfo(name, EPOCH), (HERE / name).read_bytes())


def main(argv: Sequence[str] | None = None) -> None:
    """Reads the command line, writes the package and says where."""
    asked = arguments(argv)
    manifest = filled((HERE / "manifest.json").read_text(encoding="utf-8"), values(asked))
    write(asked.out, manifest)
    print(f"{asked.out}: upload it in the Teams admin centre (Teams apps, Manage apps, Upload new app)")


if __name__ == "__main__":
    main()
