"""The command line of the doctor."""

from pathlib import Path

import pytest

from bot.doctor_arguments import arguments, asked
from bot.findings import Asked


def test_without_a_word_everything_is_looked_at_that_needs_none() -> None:
    options = arguments([])
    assert asked(options) == Asked() and not options.json and not options.local


def test_each_word_is_understood() -> None:
    words = "--json --local --public https://bot.contoso.com/api/messages --no-model-calls --team a --team b --chat c"
    options = arguments([*words.split(), "--package", "parley.zip"])
    assert options.json and options.local
    assert asked(options) == Asked("https://bot.contoso.com", ("a", "b"), ("c",), Path("parley.zip"), False)


@pytest.mark.parametrize("value", ["bot.contoso.com", "http://bot.contoso.com", "https://a@b", "ftp://x", ""])
def test_what_is_no_origin_of_teams_is_refused_with_the_cure(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments(["--public", value])
    assert ended.value.code == 2 and "https://bot.contoso.com" in capsys.readouterr().err


def test_help_names_every_word_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["--help"])
    said = capsys.readouterr().out
    assert all(f"--{word}" in said for word in ("json", "public", "no-model-calls", "team", "chat", "package", "local"))
    assert "exit codes: 0" in said and "docs/doctor.md" in said
