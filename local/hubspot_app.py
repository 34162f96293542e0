"""The HubSpot project app at hubspot-app/, from the configuration (``make samples`` writes it anew).

Its files are those of HubSpot's project components (https://github.com/HubSpot/hubspot-project-components): a private
app with a static token, and its webhooks. ``hs project upload`` makes the account's app what they say.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from commerce_sync.config.fields import field_map
from commerce_sync.config.revenue import revenue_rules
from commerce_sync.identity.contacts import PROPERTIES
from commerce_sync.profiles.beside import OWNER_ID

from local.places import ROOT

FOLDER: Final = ROOT / "hubspot-app"
TARGET_URL: Final = "https://REPLACE-WITH-INTAKE-URL/webhooks/hubspot/main"
"""The address is that of a deployed stack, which no file of the repository knows."""
PLATFORM: Final = "2025.2"
MOST_SUBSCRIPTIONS: Final = 1000
ALWAYS: Final = ("email", "phone", "firstname", "lastname", "country", "hs_email_optout")
NOT_TOLD: Final = frozenset({"hs_lastmodifieddate", "lastmodifieddate", "num_unique_conversion_events"})
"""HubSpot sends no webhook for these, or for no change but that of time."""
LIVES: Final = ("creation", "deletion", "merge", "restore")
CONTACTS: Final = ("crm.objects.contacts.read", "crm.objects.contacts.write")
SCHEMAS: Final = ("crm.schemas.contacts.read", "crm.schemas.contacts.write")
CONSENT: Final = ("communication_preferences.read", "communication_preferences.write")
BY_GROUP: Final = {
    "owner": "crm.objects.owners.read",
    "deals": "crm.objects.deals.read",
    "tickets": "tickets",
    "lists": "crm.lists.read",
}
"""What the field map asks for beside contacts; without its scope the rest goes on."""


def app_files() -> dict[str, str]:
    """Each file's name below the folder, and its text."""
    project = {"name": "commerce-sync", "srcDir": "src", "platformVersion": PLATFORM}
    files = {
        "hsproject.json": project,
        "src/app/app-hsmeta.json": _app(),
        "src/app/webhooks/webhooks-hsmeta.json": _hooks(),
    }
    return {name: json.dumps(body, indent=2) + "\n" for name, body in files.items()}


def subscribed_properties() -> list[str]:
    """The contact properties whose changes are told: identity's, the field map's and the opt-out of every kind."""
    fields = field_map()
    owner = [OWNER_ID] if fields.asks_for("owner") else []
    return [one for one in dict.fromkeys([*ALWAYS, *PROPERTIES, *fields.properties(), *owner]) if one not in NOT_TOLD]


def required_scopes() -> list[str]:
    """Without these nothing is told to HubSpot."""
    rules = revenue_rules()
    kinds = [f"{kind}s" for kind in sorted(rules.objects)] + (["line_items"] if rules.line_items else [])
    return sorted({*CONTACTS, *SCHEMAS, *CONSENT, "settings.currencies.read", *_of_objects(kinds)})


def optional_scopes() -> list[str]:
    """What the field map reads beside contacts."""
    needed = {scope for group, scope in BY_GROUP.items() if field_map().asks_for(group)}
    return sorted(needed - set(required_scopes()))


def write_app() -> None:
    """Write every file."""
    for name, text in app_files().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _of_objects(kinds: list[str]) -> Iterator[str]:
    for kind in kinds:
        yield from (f"crm.objects.{kind}.{right}" for right in ("read", "write"))
        yield from (f"crm.schemas.{kind}.{right}" for right in ("read", "write"))


def _app() -> dict[str, Any]:
    auth = {
        "type": "static",
        "requiredScopes": required_scopes(),
        "optionalScopes": optional_scopes(),
        "conditionallyRequiredScopes": [],
    }
    about = {"name": "Commerce sync", "description": "Joins HubSpot, Klaviyo and the stores", "distribution": "private"}
    return {"uid": "commerce_sync", "type": "app", "config": {**about, "auth": auth}}


def _hooks() -> dict[str, Any]:
    contact = {"objectType": "contact", "active": True}
    changes = [
        {"subscriptionType": "object.propertyChange", **contact, "propertyName": name}
        for name in subscribed_properties()
    ]
    lives = [{"subscriptionType": f"object.{life}", **contact} for life in LIVES]
    subscriptions = {
        "crmObjects": [*lives, *changes],
        "legacyCrmObjects": [],
        "hubEvents": [{"subscriptionType": "contact.privacyDeletion", "active": True}],
    }
    settings = {"targetUrl": TARGET_URL, "maxConcurrentRequests": 10}
    return {
        "uid": "commerce_sync_webhooks",
        "type": "webhooks",
        "config": {"settings": settings, "subscriptions": subscriptions},
    }


if __name__ == "__main__":
    write_app()
