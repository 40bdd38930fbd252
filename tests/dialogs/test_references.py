"""Words that mean a file."""

import pytest

from dialogs.references import Pointed, pointed, speaks_of_files, without


@pytest.mark.parametrize(
    ("text", "attached", "expected"),
    [
        ("this document", False, Pointed("", "")),
        ("the attached PDF in German", False, Pointed("", "in German")),
        ("of my presentation", False, Pointed("", "")),
        ("die Datei", False, Pointed("", "")),
        ("du fichier joint", False, Pointed("", "")),
        ("del archivo", False, Pointed("", "")),
        ("“Q3 report (final).docx” in French", False, Pointed("Q3 report (final).docx", "in French")),
        ("this", True, Pointed("", "")),
        ("this", False, None),
        ("since Monday", True, None),
        ("documentary films", True, None),
    ],
)
def test_what_a_command_is_about(text: str, attached: bool, expected: Pointed | None) -> None:
    assert pointed(text, attached=attached) == expected


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("in the file?", True),
        ("What does the status say in this report", True),
        ("Which of these two documents is newer?", True),
        ("the attached PDF file", True),
        ("in the attachment", True),
        ("Q3 (final).xlsx", True),
        ("Steht das im Dokument?", True),
        ("Wer hat den Bericht geschrieben?", True),
        ("aus meiner zweiten Datei", True),
        ("Que dit la dernière pièce jointe ?", True),
        ("Qui a écrit le rapport ?", True),
        ("¿Qué dice el informe?", True),
        ("en los archivos adjuntos", True),
        ("Thanks!", False),
        ("profile", False),
        ("Draft a status report for my boss", False),
        ("Report to HR?", False),
        ("Does the team report to HR?", False),
        ("document the function", False),
        ("How do I make a PDF?", False),
        ("the documentation", False),
        ("Schreib einen Bericht an die Leitung", False),
        ("Dokumente verwalten", False),
        ("par rapport à hier", False),
        ("Rédige un rapport", False),
        ("Escribe un informe para mi jefe", False),
    ],
)
def test_whether_a_file_is_spoken_of(text: str, spoken: bool) -> None:
    assert speaks_of_files(text) is spoken


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("translate this file to French", "translate to French"),
        ("translate the attached document into German", "translate into German"),
        ("rewrite it shorter", "rewrite shorter"),
        ("make a table of this file", "make a table"),
        ("sentiment", "sentiment"),
    ],
)
def test_a_command_without_the_file_in_it(text: str, plain: str) -> None:
    assert without(text) == plain


def test_a_long_text_of_nothing_but_beginnings_is_gone_over_in_time() -> None:
    for word in ("the ", '"', "of the attached ", "a.", "this file "):
        assert pointed(word * 5_000) in (None, pointed(word * 5_000))
        without(word * 5_000)
        speaks_of_files(word * 5_000)
