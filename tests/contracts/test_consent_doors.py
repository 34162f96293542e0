"""What docs/schemas says of the routes about consent is what they read."""

import json
from typing import Any

import jsonschema
import pytest
from commerce_sync.contracts import Envelope, Store
from commerce_sync.contracts.consent import ConsentMessage
from commerce_sync.contracts.consent_messages import consent_messages
from commerce_sync.intake import translate
from commerce_sync.intake.doors import DOORS

from local.places import ROOT
from local.schemas import SCHEMAS
from tests.unit.intake.bodies import RECEIVED, encoded
from tests.unit.intake.test_consent_doors import MAIL, PREFERENCE, REVOCATION, TEXT

SAMPLES = sorted((ROOT / "events" / "identity_normalization").glob("*.json"))
BODIES: dict[str, list[dict[str, Any]]] = {
    "preferences": [
        PREFERENCE | {"purpose": "marketing", "sender": "main", "verification": "double_opt_in"},
        PREFERENCE | {"channel": "sms", "phone": "+12025550123", "choice": "unsubscribe"},
    ],
    "staff": [
        REVOCATION | {"occurred_at": "2026-11-02T08:30:00Z", "legal": True, "purpose": "marketing", "sender": "main"},
    ],
    "sms": [TEXT],
    "support": [MAIL],
}


def schema_of(door: str) -> dict[str, Any]:
    """The published schema of a route's bodies."""
    schema: dict[str, Any] = json.loads((SCHEMAS / f"consent_{door}.json").read_text())
    return schema


def statements(door: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    """What a body says, as plain values."""
    translation = translate(door, "", Store(source=door, id="main"), encoded(body), received_at=RECEIVED)
    return [one.model_dump() for one in translation.consent]


def test_every_route_has_a_schema_and_bodies_to_try() -> None:
    """Both ways."""
    assert set(BODIES) == set(DOORS)


@pytest.mark.parametrize("door", DOORS)
def test_a_body_that_fits_the_schema_is_understood(door: str) -> None:
    """It says something, and nothing of it is set aside."""
    for body in BODIES[door]:
        jsonschema.validate(body, schema_of(door))
        assert statements(door, body)


@pytest.mark.parametrize("door", DOORS)
def test_every_published_field_is_read(door: str) -> None:
    """With another value the statement is another: a field that nobody reads would be a promise not kept."""
    read = set()
    for body in BODIES[door]:
        said = statements(door, body)
        read |= {name for name in body if statements(door, {**body, name: "changed"}) != said}
        read |= {name for name in body if statements(door, {**body, name: None}) != said}
    assert read == set(schema_of(door)["properties"])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: str(path.stem))
def test_the_samples_fit_the_schemas(path: Any) -> None:
    """Of the routes' own bodies, and of the messages that are made of any sample."""
    envelope = Envelope.parse(json.loads(path.read_text())["Records"][0]["body"])
    body = envelope.body_bytes() or b""
    if envelope.source in DOORS:
        jsonschema.validate(json.loads(body), schema_of(envelope.source))
    store = Store(source=envelope.source, id=envelope.store)
    said = translate(
        envelope.source, envelope.topic, store, body, envelope.headers, received_at=envelope.received_at
    ).consent
    about = {"envelope_id": "e", "source": "s", "store": "m", "received_at": RECEIVED}
    for message in (one for part in consent_messages(said, **about) for one in part):  # type: ignore[arg-type]
        schema = json.loads((SCHEMAS / "consent_message.json").read_text())
        jsonschema.validate(json.loads(message.to_json()), schema)
        assert ConsentMessage.parse(message.to_json()) == message
