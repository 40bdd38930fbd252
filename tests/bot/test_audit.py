import pytest

from bot.audit import Outcome, compact, expanded, outcome_of
from dialogs.errors import (
    AssistantError,
    CompanyOverBudget,
    Crowded,
    NeedsWriter,
    NotHere,
    OnHold,
    Personal,
    SwitchedOff,
    TooMany,
    Unfinished,
    Vanished,
)
from dialogs.talk import Finding

HATE = Finding("prompt", "hate", "low")
VIOLENCE = Finding("completion", "violence", "medium")


def test_findings_are_written_as_the_reports_read_them() -> None:
    assert compact((HATE, VIOLENCE)) == "completion.violence=medium prompt.hate=low"


def test_of_a_category_the_worst_is_kept() -> None:
    assert compact((HATE, Finding("prompt", "hate", "high"), HATE)) == "prompt.hate=high"


@pytest.mark.parametrize("text", ["my secret", "x=y z", "hate ", "ha\nte", ""])
def test_what_is_not_in_the_vocabulary_never_reaches_the_audit(text: str) -> None:
    assert compact((Finding("prompt", text, text),)) == "prompt.other=other"


def test_findings_are_read_as_they_were_written() -> None:
    assert expanded(compact((HATE, VIOLENCE))) == (VIOLENCE, HATE)


def test_no_findings_are_no_text() -> None:
    assert (compact(()), expanded("")) == ("", ())


@pytest.mark.parametrize(
    "error", [Personal(), SwitchedOff(), NotHere(), OnHold(), Crowded(), TooMany(), CompanyOverBudget()]
)
def test_what_the_company_does_not_want_is_refused(error: AssistantError) -> None:
    assert outcome_of(error) is Outcome.REFUSED


@pytest.mark.parametrize("error", [NeedsWriter(), Vanished()])
def test_what_cannot_be_done_is_an_error(error: AssistantError) -> None:
    assert outcome_of(error) is Outcome.ERROR


def test_what_never_came_to_an_end_is_dead() -> None:
    assert outcome_of(Unfinished()) is Outcome.DEAD
