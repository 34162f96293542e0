"""What ``status`` says of privacy requests and of duplicates."""

from datetime import UTC, datetime, timedelta

from commerce_sync.contracts.privacy import CaseState, PrivacyCase
from commerce_sync.operating.at_a_glance import at_a_glance

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AUDIT = {
    "run_id": "20261115T030000Z",
    "date": "2026-11-15T03:00:00+00:00",
    "system": "hubspot",
    "records": 120,
    "people": 100,
    "inflation_percent": "20.0",
    "duplicate_records": 20,
    "merges": 18,
}


def case(state: CaseState, deadline: datetime = NOW + timedelta(days=1)) -> PrivacyCase:
    """A request in some state."""
    return PrivacyCase(
        case_id=f"{state}-{deadline}",
        kind="erase",
        source="shopify",
        store="us",
        requested_at=NOW - timedelta(days=30),
        received_at=NOW - timedelta(days=30),
        deadline=deadline,
        state=state,
    )


def test_open_requests_are_counted_by_state_and_closed_ones_are_not() -> None:
    """Only what still has to be done is counted; what is past its deadline is counted apart."""
    late = NOW - timedelta(days=1)
    cases = [case("open"), case("waiting"), case("waiting", late), case("parked"), case("done", late), case("ready")]
    told = at_a_glance(cases, lambda _: None, NOW)
    assert told["privacy_requests"] == {"open": 1, "waiting": 2, "parked": 1}
    assert told["overdue_privacy_requests"] == 1


def test_each_system_shows_the_figures_of_its_last_audit() -> None:
    """A system that was never audited shows nothing."""
    told = at_a_glance([], {"hubspot": AUDIT}.get, NOW)
    assert told["duplicate_audits"] == {
        "hubspot": {
            "date": "2026-11-15T03:00:00+00:00",
            "records": 120,
            "people": 100,
            "duplicate_records": 20,
            "inflation_percent": "20.0",
        },
        "klaviyo": None,
    }
