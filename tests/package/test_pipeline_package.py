"""The zip that the web app runs: what is in it, what is not, and that the same source makes the same bytes."""

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.version import VERSION
from infra.pipelines import package
from infra.pipelines.package import LIBRARIES, PackageFailed, contents, libraries, target, tracked, tried, write
from tests.structure.source import ROOT

SOURCE = {
    "app.py": "import library\n",
    "bot/__init__.py": '"""The bot."""\n',
    "bot/running.py": "import library\n",
    "dialogs/words.po": "",
    "requirements.txt": "",
    "LICENSE": "MIT",
    "tests/test_app.py": "",
    "infra/main.tf": "",
    "docs/page.md": "",
    ".env.example": "",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small project, with what lies about in a working copy beside what is tracked."""
    root = tmp_path / "checkout"
    for name, text in SOURCE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    for command in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *command], cwd=root, check=True)
    (root / "bot/.env").write_text("MICROSOFT_APP_PASSWORD=x", encoding="utf-8")
    (root / "bot/notes.py").write_text("", encoding="utf-8")
    return root


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Libraries as pip leaves them."""
    folder = tmp_path / "libraries"
    for name in ("library.py", "library-1.dist-info/METADATA", "library-1.dist-info/RECORD", "bin/tool"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("", encoding="utf-8")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/library.cpython-311.pyc").write_bytes(b"made here")
    return folder


def test_only_what_is_tracked_and_production_needs_is_packed(checkout: Path, installed: Path) -> None:
    packed = set(contents(checkout, installed))
    source = {name for name in packed if not name.startswith(LIBRARIES)}
    assert source == {"app.py", "bot/__init__.py", "bot/running.py", "dialogs/words.po", "requirements.txt", "LICENSE"}


def test_nothing_of_the_machine_that_installed_the_libraries_is_packed(installed: Path) -> None:
    assert {name for name, _ in libraries(installed)} == {
        f"{LIBRARIES}/library.py",
        f"{LIBRARIES}/library-1.dist-info/METADATA",
    }


def test_the_same_source_makes_the_same_bytes(checkout: Path, installed: Path, tmp_path: Path) -> None:
    first = write(tmp_path / "1.zip", contents(checkout, installed))
    for path in (*checkout.rglob("*.py"), *installed.rglob("*.py")):
        path.touch()
        path.chmod(0o700)
    backwards = dict(reversed(contents(checkout, installed).items()))
    assert write(tmp_path / "2.zip", backwards) == first
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()


def test_a_package_that_loads_passes(checkout: Path, installed: Path, tmp_path: Path) -> None:
    write(tmp_path / "p.zip", contents(checkout, installed))
    tried(tmp_path / "p.zip")


def test_a_package_that_lacks_a_library_is_refused(checkout: Path, installed: Path, tmp_path: Path) -> None:
    (installed / "library.py").unlink()
    write(tmp_path / "p.zip", contents(checkout, installed))
    with pytest.raises(PackageFailed, match="No module named 'library'"):
        tried(tmp_path / "p.zip")


def test_what_only_this_machine_has_does_not_help(checkout: Path, installed: Path, tmp_path: Path) -> None:
    (checkout / "app.py").write_text("import aiohttp\n", encoding="utf-8")
    write(tmp_path / "p.zip", contents(checkout, installed))
    with pytest.raises(PackageFailed, match="aiohttp"):
        tried(tmp_path / "p.zip")


def test_outside_a_checkout_nothing_is_packed(tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match="in a checkout"):
        list(tracked(tmp_path))


def test_the_python_of_the_package_is_the_web_apps() -> None:
    assert target(ROOT) == "3.11"


def test_app_and_slot_that_differ_are_refused(tmp_path: Path) -> None:
    module = tmp_path / "infra/modules/app"
    module.mkdir(parents=True)
    for name, version in (("main.tf", "3.11"), ("staging.tf", "3.12")):
        (module / name).write_text(f'    python_version = "{version}"\n', encoding="utf-8")
    with pytest.raises(PackageFailed, match="no single"):
        target(tmp_path)


def test_another_python_than_the_web_apps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PackageFailed, match=r"runs Python 3\.9"):
        package.installed(ROOT, tmp_path, "3.9")


@pytest.mark.parametrize("tag", ["v9.9.9", VERSION, "", "v"])
def test_a_tag_that_does_not_name_the_version_makes_no_release(
    tag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert package.main(["--tag", tag, "--out", str(tmp_path / "p.zip")]) == 1
    assert f"its tag is v{VERSION}" in capsys.readouterr().err and not (tmp_path / "p.zip").exists()


def test_the_web_app_starts_what_is_packed_where_it_is_packed() -> None:
    module = (ROOT / "infra/modules/app/main.tf").read_text(encoding="utf-8")
    assert f'"PYTHONPATH={LIBRARIES} python app.py"' in module
    assert "WEBSITE_RUN_FROM_PACKAGE" not in module
    assert "SCM_DO_BUILD_DURING_DEPLOYMENT = tostring(var.builds)" in module


def unpacked() -> Iterator[str]:
    yield from (name for name in tracked(ROOT) if name.startswith(("tests/", "infra/", "docs/", ".")))


def test_our_own_package_holds_the_whole_program_and_nothing_else() -> None:
    names = set(tracked(ROOT))
    assert {"app.py", "bot/store/schema.py", "dialogs/talk.py", "requirements.txt"} <= names
    assert list(unpacked()) == []
    assert any(name.endswith(".sql") for name in names) and any(name.endswith(".po") for name in names)


def test_no_date_and_no_owner_stand_in_a_package(checkout: Path, installed: Path, tmp_path: Path) -> None:
    write(tmp_path / "p.zip", contents(checkout, installed))
    with zipfile.ZipFile(tmp_path / "p.zip") as opened:
        assert {(each.date_time[0], each.external_attr) for each in opened.infolist()} == {(1980, 0o100644 << 16)}
