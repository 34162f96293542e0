"""Duplicates are merged in a vendor, and identity knows it: by our own word, or by the weekly look at all contacts."""

import pytest
from commerce_sync.vendors.hubspot import HubSpot, HubSpotContacts

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes.delivered import command
from tests.integration.test_the_duplicate_audit import contacts, finish, start

pytestmark = pytest.mark.network

PHONE = {"phone": "2125550123"}


def test_an_operator_plans_and_applies_merges_and_identity_hears_of_them(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """A dry run unless told otherwise; then HubSpot has one contact, and identity one profile of both."""
    ana, copy = contacts(sandboxes, {"email": "ana@example.com", **PHONE}, PHONE)
    start(bundle)
    finish(bundle)

    figures = command(bundle, "duplicates", system="hubspot")["hubspot"]
    planned = command(bundle, "merge_duplicates", system="hubspot", maximum=10)
    before = len(sandboxes.hubspot.state.snapshot()["contacts"])
    applied = command(bundle, "merge_duplicates", system="hubspot", maximum=10, apply=True)

    assert (figures["records"], figures["people"]) == (2, 1)
    assert [(one["survivor"], one["other"]) for one in planned["would_merge"]] == [(ana, copy)]
    assert before == 2
    assert [one["result"] for one in applied["merged"]] == ["merged"]
    assert len(sandboxes.hubspot.state.snapshot()["contacts"]) == 1
    (profile,) = command(bundle, "explain", identifier=f"hubspot:main#{copy}")["profiles"]
    assert {f"hubspot:main#{ana}", f"hubspot:main#{copy}"} <= set(profile["identifiers"])
    assert {link["basis"] for link in profile["links"]} == {"stated"}


def test_the_weekly_look_finds_a_merge_that_no_webhook_told_of(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Service keys have no webhooks: the contact itself says who was merged into it."""
    ana, other = contacts(sandboxes, {"email": "ana@example.com"}, {"email": "ana.other@example.com"})
    client_merge(sandboxes, ana, other)
    start(bundle)
    finish(bundle)

    (profile,) = command(bundle, "explain", address="ana.other@example.com")["profiles"]

    assert set(profile["identifiers"]) == {
        "email#ana@example.com",
        "email#ana.other@example.com",
        f"hubspot:main#{ana}",
        f"hubspot:main#{other}",
    }


def client_merge(sandboxes: Sandboxes, primary: str, other: str) -> None:
    """Somebody else merges two contacts in HubSpot."""
    HubSpotContacts(HubSpot(sandboxes.urls["hubspot"], "pat-local", "2026-09", 10)).merge(primary, other)
