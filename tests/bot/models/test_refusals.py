"""What it comes to that no resource has answered."""

from datetime import timedelta

import pytest

from bot.models.refusals import refusal, summed
from dialogs.errors import AllBusy, AssistantError, Blocked, Busy, ModelGone, Silent, TooLong, Unavailable

SOON, LATER = timedelta(seconds=2), timedelta(seconds=9)


@pytest.mark.parametrize(
    ("failures", "kind", "wait"),
    [
        ([], Unavailable, None),
        ([Unavailable()], Unavailable, None),
        ([Busy()], AllBusy, None),
        ([Busy(retry_after=LATER), Busy(retry_after=SOON)], AllBusy, SOON),
        ([Busy(retry_after=LATER), Busy()], AllBusy, LATER),
        ([Unavailable(), Busy(retry_after=SOON)], AllBusy, SOON),
        ([ModelGone(), ModelGone()], ModelGone, None),
        ([ModelGone(), Unavailable()], Unavailable, None),
        ([ModelGone(), Busy(retry_after=SOON)], AllBusy, SOON),
        ([Silent(), Unavailable()], Silent, None),
        ([Busy(), Blocked()], Blocked, None),
        ([Unavailable(), TooLong()], TooLong, None),
    ],
)
def test_what_failures_come_to(
    failures: list[AssistantError], kind: type[AssistantError], wait: timedelta | None
) -> None:
    found = summed(failures)
    assert (type(found), found.retry_after) == (kind, wait)


@pytest.mark.parametrize(
    ("status", "code"),
    [(404, "DeploymentNotFound"), (404, None), (410, None), (400, "ServiceModelDeprecated"), (404, "model_not_found")],
)
def test_a_deployment_that_is_not_there_is_gone(status: int, code: str | None) -> None:
    found = refusal(status, {"code": code}, {})
    assert (type(found), found.lasting, found.final) == (ModelGone, True, False)


@pytest.mark.parametrize("status", [401, 403, 408, 409, 500, 502, 503, 504, 302])
def test_what_may_pass_is_unavailable(status: int) -> None:
    assert type(refusal(status, None, {})) is Unavailable


@pytest.mark.parametrize("code", ["EngineOverloaded", "too_many_requests", 429])
def test_too_much_to_do_may_be_said_without_any_header(code: object) -> None:
    found = refusal(429, {"code": code}, {})
    assert (type(found), found.retry_after) == (Busy, None)
