"""Makes the zip that the web app runs: the tracked source that production needs, and its libraries.

    python -m infra.pipelines.package --out dist/parley.zip --tag v0.1.0

Nothing is built in Azure, whose way out knows no package index: the libraries come along, for the system and the Python
that infra/modules/app runs, each a wheel whose hash stands in requirements.txt. The same source gives the same bytes.
"""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.version import VERSION

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("app.py", "bot", "dialogs", "requirements.txt", "LICENSE")
LIBRARIES = ".python_packages/lib/site-packages"
"""Where infra/modules/app/main.tf looks for them."""
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64")
"""No newer than the oldest Linux that App Service runs this Python on."""
PYTHON = re.compile(r'^\s*python_version\s*=\s*"([\d.]+)"', re.MULTILINE)
EPOCH = (1980, 1, 1, 0, 0, 0)
LEFT_OUT = re.compile(r"^bin/|(^|/)__pycache__/|\.dist-info/(RECORD|direct_url\.json)$")
"""What names the machine it was installed on, or what is made again at the first start."""


class PackageFailed(Exception):
    """The package cannot be made; the text says why and what cures it."""


def tracked(root: Path) -> Iterator[str]:
    """The files of production that are in the repository: what lies about beside them, an `.env` say, is never packed."""
    command = ["git", "ls-files", "-z", "--", *SOURCES]
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)  # noqa: S603  constant words
    if done.returncode:
        raise PackageFailed("git does not list the files: make the package in a checkout")
    yield from filter(None, done.stdout.decode().split("\0"))


def target(root: Path) -> str:
    """The Python that the web app runs, from infra. Raises `PackageFailed` where app and slot differ."""
    texts = (path.read_text(encoding="utf-8") for path in (root / "infra/modules/app").glob("*.tf"))
    found: set[str] = {version for text in texts for version in PYTHON.findall(text)}
    if len(found) != 1:
        raise PackageFailed("infra/modules/app names no single python_version")
    return found.pop()


def installed(root: Path, folder: Path, python: str) -> None:
    """The libraries of production into a folder: wheels only, each with a hash that the lock names."""
    if python != f"{sys.version_info.major}.{sys.version_info.minor}":
        # The lock's conditions are weighed by the Python that installs.
        raise PackageFailed(f"the web app runs Python {python}: make the package with that")
    strictly = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-compile", "--python-version", python)
    platforms = [word for name in PLATFORMS for word in ("--platform", name)]
    command = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *strictly, *platforms)
    wanted = ("--implementation", "cp", "--target", str(folder), "-r", str(root / "requirements.txt"))
    if subprocess.run([*command, *wanted], check=False).returncode:  # noqa: S603  our own words and paths
        raise PackageFailed("pip could not install the libraries; what it said stands above")


def libraries(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of installed libraries, by their place in the package."""
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not LEFT_OUT.search(name):
            yield f"{LIBRARIES}/{name}", path.read_bytes()


def contents(root: Path, folder: Path) -> dict[str, bytes]:
    """Every file of the package."""
    return {path: (root / path).read_bytes() for path in tracked(root)} | dict(libraries(folder))


def write(out: Path, packed: dict[str, bytes]) -> str:
    """The zip, its files in order and without a date; its SHA-256 in hex."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for path in sorted(packed):
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.external_attr = 0o100644 << 16
            package.writestr(entry, packed[path], zipfile.ZIP_DEFLATED)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def tried(package: Path) -> None:
    """Unpacks the package and loads the whole program from it, without anything that is installed here."""
    with tempfile.TemporaryDirectory() as scratch:
        with zipfile.ZipFile(package) as opened:
            opened.extractall(scratch)
        command = [sys.executable, "-S", "-B", "-c", "import app, bot.running"]
        environ = {"PATH": os.defpath, "PYTHONPATH": LIBRARIES}
        done = subprocess.run(command, cwd=scratch, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise PackageFailed(f"the packed program does not load: {done.stderr.strip()[-2000:]}")


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="package", description="Make the zip that the web app runs.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "parley.zip")
    parser.add_argument("--tag", help="the release's tag, which must name the version")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """0, or 1 with a line that says what is wrong."""
    asked = arguments(argv)
    try:
        if asked.tag not in (None, f"v{VERSION}"):
            raise PackageFailed(f"this is version {VERSION}, so its tag is v{VERSION}")
        with tempfile.TemporaryDirectory() as scratch:
            installed(ROOT, Path(scratch), target(ROOT))
            digest = write(asked.out, contents(ROOT, Path(scratch)))
        tried(asked.out)
    except PackageFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    print(f"{asked.out}: version {VERSION}, {asked.out.stat().st_size:,} bytes\nsha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
