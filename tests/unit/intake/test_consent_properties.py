"""What holds of consent for every body there could be: nothing raises, and garbage is never an opt-in."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from commerce_sync.contracts import Store
from commerce_sync.intake import Translation, translate
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.intake.bodies import RECEIVED, assert_holds_contracts, checkout, customer, order
from tests.unit.intake.test_consent_doors import MAIL, PREFERENCE, REVOCATION, TEXT
from tests.unit.intake.test_consent_klaviyo import HEADERS, event
from tests.unit.intake.test_consent_shopify import EMAIL, SMS, email_body, sms_body
from tests.unit.intake.test_translation_properties import VALUES, places, put

OUT = {"state": "unsubscribed", "consent_updated_at": "2026-11-02T08:30:00Z"}
Shape = tuple[str, str, Callable[[], Any]]


def klaviyo_body() -> dict[str, Any]:
    """Two opt-outs."""
    both = [event("unsubscribed_from_email_marketing"), event("unsubscribed_from_sms_marketing", external_id="ev-2")]
    return {"data": both, "meta": {"klaviyo_webhook_id": "01HWEBHOOK"}}


def own_body() -> dict[str, Any]:
    """An opt-out of the own system."""
    data = {"channel": "email", "email": "ada@example.com", "method": "one_click"}
    return {"specversion": "1.0", "id": "e", "type": "consent.withdrawn", "time": "2026-11-01T00:00:00Z", "data": data}


OPT_OUTS: list[Shape] = [
    ("shopify", EMAIL, lambda: email_body("unsubscribed")),
    ("shopify", SMS, lambda: sms_body("unsubscribed")),
    ("shopify", "customers/update", lambda: customer(email_marketing_consent=dict(OUT))),
    ("own", "", own_body),
    ("klaviyo", "events", klaviyo_body),
    ("preferences", "", lambda: PREFERENCE | {"choice": "unsubscribe"}),
    ("staff", "", lambda: dict(REVOCATION)),
    ("sms", "", lambda: dict(TEXT)),
    ("support", "", lambda: dict(MAIL)),
]
SILENT: list[Shape] = [
    ("shopify", "orders/create", order),
    ("shopify", "checkouts/update", checkout),
    ("shopify", EMAIL, lambda: email_body(None)),
]
SOURCES = st.sampled_from(["shopify", "own", "klaviyo", "hubspot", "preferences", "staff", "sms", "support"])
TOPICS = st.sampled_from([EMAIL, SMS, "customers/update", "orders/create", "checkouts/update", "events", ""])


def told(source: str, topic: str, body: object) -> Translation:
    """A translation that holds its contract, whatever the body."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode("utf-8", "surrogatepass")
    translation = translate(source, topic, Store(source=source, id="main"), raw, HEADERS, received_at=RECEIVED)
    assert_holds_contracts(translation)
    return translation


def opt_ins(translation: Translation) -> list[str]:
    """What it says that could ever become permission."""
    return [said.statement_id for said in translation.consent if said.action == "grant"]


@settings(deadline=None, max_examples=400)
@given(SOURCES, TOPICS, VALUES)
def test_no_json_is_an_opt_in_by_chance(source: str, topic: str, body: object) -> None:
    """Nor makes anything raise."""
    assert opt_ins(told(source, topic, body)) == []


@settings(deadline=None)
@given(SOURCES, TOPICS, st.binary(max_size=300))
def test_no_bytes_are_an_opt_in_by_chance(source: str, topic: str, body: bytes) -> None:
    """The same for what is no JSON."""
    assert opt_ins(told(source, topic, body)) == []


@settings(deadline=None, max_examples=600)
@given(st.data())
def test_no_garbage_makes_an_opt_in_of_an_opt_out(data: st.DataObject) -> None:
    """Any values of an opt-out replaced by any others: it stays one, is held, or is set aside."""
    source, topic, build = data.draw(st.sampled_from(OPT_OUTS + SILENT))
    body = deepcopy(build())
    for _ in range(data.draw(st.integers(1, 3))):
        body = put(body, data.draw(st.sampled_from(places(body))), data.draw(VALUES))
    assert opt_ins(told(source, topic, body)) == []


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_an_opt_out_is_never_lost_in_silence(data: st.DataObject) -> None:
    """One value replaced by garbage: somebody is opted out or held, or there is a reason."""
    source, topic, build = data.draw(st.sampled_from(OPT_OUTS[:2] + OPT_OUTS[3:]))
    body = deepcopy(build())
    trail = data.draw(st.sampled_from(places(body)[1:]))
    if source == "klaviyo" and trail[:1] == ("data",) and len(trail) == 1:
        return
    translation = told(source, topic, put(body, trail, data.draw(VALUES)))
    assert translation.consent or translation.rejections


@settings(deadline=None)
@given(st.sampled_from(OPT_OUTS), st.randoms(use_true_random=False))
def test_a_statement_depends_on_what_a_body_says_alone(shape: Shape, rng: Any) -> None:
    """Not on the order of its fields, nor on how often it is read."""
    source, topic, build = shape
    body = build()
    again = dict(rng.sample(list(body.items()), len(body)))
    assert told(source, topic, again).consent == told(source, topic, body).consent
