"""Submissions of HubSpot's forms are read by a cursor, the newest first, and each is said once."""

from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.composing.polling_hubspot_forms import FormSource, form_sources
from commerce_sync.config.consent import consent_policy
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import HubSpotForm
from commerce_sync.errors import NotAllowedError
from commerce_sync.polling.walking import walk
from commerce_sync.vendors.hubspot import HubSpot

from local.sandboxes.server import Sandboxes
from tests.unit.polling.portal import Documents

pytestmark = pytest.mark.network
FORM = "78c2891f-ebdd-44c0-bd94-15c012bbbfbf"
NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def told() -> list[ConsentStatement]:
    """What was told."""
    return []


@pytest.fixture
def source(sandboxes: Sandboxes, told: list[ConsentStatement]) -> FormSource:
    """One form of an account."""
    client = HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", timeout=5)
    policy = consent_policy().model_copy(update={"hubspot_forms": (HubSpotForm(id=FORM, box="newsletter"),)})
    (one,) = form_sources(client, timedelta(minutes=10), told.extend, policy=policy, store="main")
    return one


def submits(sandboxes: Sandboxes, number: int, at: datetime, ticked: str = "true") -> None:
    """Somebody submits the form."""
    values = {"email": f"person{number}@example.com", "newsletter": ticked}
    sandboxes.hubspot.state.configure({"person_submits": {"form": FORM, "values": values, "time": at.isoformat()}})


def test_submissions_of_many_pages_are_said_once(
    sandboxes: Sandboxes, source: FormSource, told: list[ConsentStatement]
) -> None:
    """What was before the first run is not; runs that are cut short are gone on with."""
    documents = Documents()
    submits(sandboxes, 999, NOW - timedelta(days=2))
    walk(source, documents, lambda: NOW, lambda: True)
    for number in range(120):
        submits(sandboxes, number, NOW + timedelta(seconds=number), "false" if number == 7 else "true")
    for minute in (5, 6, 7, 8, 60):
        left = iter([True])
        walk(source, documents, lambda: NOW + timedelta(minutes=minute), lambda: next(left, False))  # noqa: B023
    assert {one.address for one in told} == {f"person{number}@example.com" for number in range(120) if number != 7}
    assert len(told) == len({one.statement_id for one in told})


def test_without_the_scope_the_run_is_seen_to_fail(sandboxes: Sandboxes, source: FormSource) -> None:
    """And the cursor stays."""
    submits(sandboxes, 1, NOW)
    sandboxes.hubspot.state.configure({"missing_scopes": ["forms"]})
    with pytest.raises(NotAllowedError):
        walk(source, Documents(), lambda: NOW, lambda: True)
