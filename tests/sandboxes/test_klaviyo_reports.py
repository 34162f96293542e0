"""Reports in the Klaviyo sandbox."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from local.sandboxes.klaviyo.caller import Caller, data

pytestmark = pytest.mark.network
KIND = "campaign-values-report"


def report(caller: Caller, **changes: Any) -> TestResponse:
    """Ask for a campaign report; a change to None leaves a member out."""
    metric = caller.state()["metrics"][0]["id"]
    asked = {"statistics": ["recipients"], "timeframe": {"key": "last_30_days"}, "conversion_metric_id": metric}
    attributes = {name: value for name, value in (asked | changes).items() if value is not None}
    return caller.post(f"/api/{KIND}s", KIND, attributes)


@pytest.fixture
def caller() -> Caller:
    """An account with one metric."""
    caller = Caller()
    caller.send(unique_id="1")
    return caller


def test_a_report_answers_what_was_planted(caller: Caller) -> None:
    """The results are a test's own."""
    results = [{"groupings": {"campaign_id": "C1"}, "statistics": {"recipients": 10}}]
    caller.configure(reports={KIND: results})
    assert data(report(caller))["attributes"]["results"] == results


@pytest.mark.parametrize(
    "changes",
    [
        {"timeframe": {"key": "last_30_days", "start": "2026-10-01T00:00:00Z"}},
        {"timeframe": {"start": "2025-01-01T00:00:00Z", "end": "2026-10-01T00:00:00Z"}},
        {"timeframe": {"key": "forever"}},
        {"timeframe": {}},
        {"group_by": ["campaign_id"]},
        {"statistics": None},
        {"conversion_metric_id": None},
        {"conversion_metric_id": "nothing"},
        {"interval": "daily"},
    ],
)
def test_a_report_outside_the_rules_is_refused(caller: Caller, changes: dict[str, Any]) -> None:
    """Rule 21: a key or a start, never both; required groups; a known metric."""
    assert report(caller, **changes).status_code == 400


def test_two_reports_a_minute_and_225_a_day(caller: Caller) -> None:
    """Rule 21: the third within a minute and the 226th within a day wait."""
    caller.configure(rate_limits=True)
    statuses = []
    for _ in range(3):
        statuses.append(report(caller).status_code)
        caller.clock.advance(2)
    assert statuses == [200, 200, 429]
    for _ in range(223):
        caller.clock.advance(60)
        assert report(caller).status_code == 200
    caller.clock.advance(60)
    assert report(caller).status_code == 429
