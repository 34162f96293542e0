"""The project app that is uploaded to HubSpot asks for what the code needs, and is told what it reads."""

import json
from typing import Any

from commerce_sync.config.fields import field_map

from local.hubspot_app import FOLDER, MOST_SUBSCRIPTIONS, TARGET_URL, app_files, subscribed_properties
from local.sandboxes.hubspot.gate import SCOPES


def shipped(name: str) -> Any:
    """A file as it stands in the repository."""
    return json.loads((FOLDER / name).read_text())["config"]


def test_the_shipped_app_is_the_configurations_own() -> None:
    """`make samples` writes it anew; nothing else lies there."""
    there = {path.relative_to(FOLDER).as_posix(): path.read_text() for path in FOLDER.rglob("*") if path.is_file()}
    assert there == app_files()


def test_every_property_that_is_read_of_a_contact_is_subscribed_once() -> None:
    """HubSpot takes one subscription a property, a thousand an app, and tells of no read-only times."""
    hooks = shipped("src/app/webhooks/webhooks-hsmeta.json")["subscriptions"]
    changes = [one["propertyName"] for one in hooks["crmObjects"] if one["subscriptionType"] == "object.propertyChange"]
    assert changes == subscribed_properties()
    assert len(changes) == len(set(changes)) <= MOST_SUBSCRIPTIONS
    assert set(changes) >= {*field_map().properties(), "email", "phone", "hs_email_optout"} - {"lastmodifieddate"}
    assert "hs_lastmodifieddate" not in changes


def test_the_app_asks_for_every_scope_that_the_calls_need() -> None:
    """Those that the sandbox holds calls to, so far as the shipped configuration makes them."""
    auth = shipped("src/app/app-hsmeta.json")["auth"]
    granted = {scope for name in ("requiredScopes", "optionalScopes") for scope in auth[name]}
    known = {scope for _, scope in SCOPES}
    assert {scope.removesuffix(".read").removesuffix(".write") for scope in granted} <= known
    assert {"crm.objects.contacts.write", "crm.schemas.contacts.write", "settings.currencies.read"} <= granted
    assert not set(auth["requiredScopes"]) & set(auth["optionalScopes"])


def test_no_address_of_anybodys_is_shipped() -> None:
    """Whoever uploads it puts in their own."""
    assert shipped("src/app/webhooks/webhooks-hsmeta.json")["settings"]["targetUrl"] == TARGET_URL
