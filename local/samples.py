"""Writes ``events/``: a sample event for each function and kind, about invented people (``make samples``)."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts import DeliveredFacts, DueRow, DueWork, Envelope, Person, PrivacyRequest
from commerce_sync.contracts.duplicates import AuditStep
from commerce_sync.contracts.identity import PrivacyKind
from commerce_sync.intake.doors import DOORS
from commerce_sync.webhooks.envelope import serialize, wrap
from commerce_sync.webhooks.request import Delivery as VerifiedDelivery

from local.consent_samples import write_ledger_samples, write_propagation_samples
from local.consent_samples_intake import consent_bodies
from local.consent_samples_operations import write_operations_samples
from local.consent_samples_polling import write_polling_samples
from local.consent_samples_stores import write_store_samples
from local.order_export import ORDER_EXPORT
from local.places import REGION, ROOT
from local.property_samples import write_property_samples
from local.sample_day import identity_bodies, own_bodies, shopify_bodies
from local.sample_day.people import invent
from local.sample_day.shops import tell
from local.sample_day.signing import signed_headers
from local.subscription_samples import write_subscription_samples
from local.web_samples import web_bodies, web_event
from local.woocommerce_samples import write_woocommerce_samples

EVENTS = ROOT / "events"
SECRETS = {
    "shopify": {"us": ["shpss_sample_current", "shpss_sample_previous"], "eu": ["shpss_sample_eu"]},
    "own": {"wholesale": ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="]},
    "hubspot": {"main": ["hubspot-sample-client-secret"]},
    "klaviyo": {"main": ["klaviyo-sample-secret-key"]},
    **{
        door: {"main": ["whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="]}
        for door in ("preferences", "staff", "sms", "support")
    },
    "properties": {
        owner: ["whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="] for owner in ("warehouse", "helpdesk")
    },
    "bigcommerce": {"outlet": ["bigcommerce-sample-client-secret"]},
    "woocommerce": {"uk": ["woocommercesamplesecret"]},
    "recharge": {"us": ["recharge-sample-client-secret"]},
    "web": {
        "us": ["web_sample_token_current", "web_sample_token_previous"],
        "wholesale": ["web_sample_token_wholesale"],
    },
}
NAMED_BY_PATH = frozenset({"recharge"})
"""Senders whose topic stands in the address."""
TOPIC_HEADERS = {"shopify": "x-shopify-topic", "woocommerce": "x-wc-webhook-topic"}
MOMENT = datetime(2026, 11, 21, 18, tzinfo=UTC)
PUBLIC_URL = "https://sync.example.com"
STORY = tell(MOMENT)
ORDER = STORY.orders[0]
STAFF_CHANGE = {
    "eventId": 1001,
    "subscriptionId": 77,
    "portalId": 4242,
    "appId": 9001,
    "occurredAt": 1795262400000,
    "subscriptionType": "contact.propertyChange",
    "attemptNumber": 0,
    "objectId": 501,
    "propertyName": "lifecyclestage",
    "propertyValue": "customer",
    "changeSource": "CRM_UI",
    "sourceId": "userId:12",
}


def write_samples() -> None:
    """Write every sample."""
    _write("signing_secrets", SECRETS)
    order = shopify_bodies.order_body(ORDER, [], ORDER.placed_at)
    refund = shopify_bodies.refund_body(next(one for one in STORY.happenings if one.kind == "refunded"))
    bodies: dict[str, tuple[str, str, str, Any]] = {
        "shopify_orders_create": ("shopify", "us", "orders/create", order),
        "shopify_refunds_create": ("shopify", "us", "refunds/create", refund),
        "own_order_completed": ("own", "wholesale", "", own_bodies.completed(STORY.orders[-1])),
        "hubspot_contact_property_change": ("hubspot", "main", "events", [STAFF_CHANGE]),
        "shopify_malformed_order": ("shopify", "us", "orders/create", {"id": 1}),
    }
    for name, (source, store, topic, body) in {**bodies, **consent_bodies(invent(3, "US"), MOMENT)}.items():
        _write_delivery(name, source, store, topic, body)
    _write_identity_samples()
    write_store_samples(_write_delivery)
    write_subscription_samples(_write_delivery)
    write_woocommerce_samples(_write_delivery)
    for name, (store, events) in web_bodies(invent(4, "US"), MOMENT).items():
        _write_delivery(name, "web", store, "events", events)
    write_property_samples(_write, _write_delivery, invent(3, "US"), MOMENT)
    placed = {
        "source": "shopify",
        "store": "us",
        "envelope_id": "e" * 40,
        "received_at": MOMENT,
        "schema_version": DeliveredFacts.VERSION,
    }
    _write("event_delivery/shopify_placed_order", _sqs_event(_facts(placed, "shopify_orders_create")))
    rows = (DueRow(subject="shopify:us:1", row="klaviyo#shopify:us:1:placed_order", claim="c" * 32),)
    _write("event_delivery/due_work", _sqs_event(DueWork(schema_version=1, rows=rows).to_json()))
    hubspot = {**placed, "source": "hubspot", "store": "main"}
    _write("profile_sync/hubspot_profile_updated", _sqs_event(_facts(hubspot, "hubspot_contact_property_change")))
    owner = {**placed, "source": "properties", "store": "warehouse"}
    _write("profile_sync/properties_observed", _sqs_event(_facts(owner, "properties_warehouse")))
    _write("due_dispatch/schedule", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}})
    _write("currency_rates/schedule", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}})
    _write("currency_rates/history", {"file": "history"})
    _write("event_validation/schedule", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}})
    _write("event_validation/nightly", {"days": 35})
    _write_timed_schedules()
    step = AuditStep(schema_version=1, run_id="20261122T031700Z", system="klaviyo")
    _write("duplicate_audit/reading", _sqs_event(step.to_json()))
    _write_privacy_samples()
    write_ledger_samples(_write)
    write_propagation_samples(_write)
    write_polling_samples(_write)
    _write("history_backfill/schedule", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}})
    _write("operations/backfill", {"command": "backfill", "arguments": {"what": "fields", "do": "start"}})
    _write("operations/cut_over", {"command": "cut_over", "arguments": {"store": "shopify:us"}})
    _write("operations/setup", {"command": "setup", "arguments": {"plan": True}})
    _write("operations/plan", {"command": "plan", "arguments": {"emails": ["ada.archer@example.com"]}})
    _write("operations/sample_contacts", {"command": "sample_contacts", "arguments": {"number": 20, "seed": "again"}})
    _write("operations/status", {"command": "status", "arguments": {}})
    reset = {"source": "records#hubspot:deals", "through": "2026-11-28T00:00:00Z", "by": "Kim", "reason": "restored"}
    _write("operations/reset_cursor", {"command": "reset_cursor", "arguments": reset})
    replay = {"source": "shopify", "store": "us", "since": "2026-11-21T00:00:00Z", "until": "2026-11-22T00:00:00Z"}
    _write(
        "operations/replay", {"command": "replay", "arguments": replay | {"topic": "orders/create", "dry_run": True}}
    )
    _write("operations/release", {"command": "release", "arguments": {"reason": "order_never_arrived"}})
    _write("operations/import_orders", {"command": "import_orders", "arguments": {"store": "us", "csv": ORDER_EXPORT}})
    _write("operations/redrive", {"command": "redrive", "arguments": {"queue": "Inbound"}})
    _write_people_commands()
    write_operations_samples(_write)


def _write_timed_schedules() -> None:
    """Those whose time says what is looked at, or names the run."""
    schedule = {"source": "aws.events", "detail-type": "Scheduled Event"}
    times = {
        "duplicate_audit": "2026-11-22T03:17:00Z",
        "contact_sampling": "2026-11-22T09:47:00Z",
        "delivery_verification": "2026-11-23T07:23:00Z",
    }
    for function, time in times.items():
        _write(f"{function}/schedule", {**schedule, "time": time, "detail": {}})


def _write_delivery(name: str, source: str, store: str, topic: str, body: Any) -> None:
    """A delivery as the intake and as identity_normalization are handed it."""
    data = json.dumps(body, separators=(",", ":")).encode()
    _write(f"webhook_intake/{name}", _api_event(source, store, topic, data))
    _write(f"identity_normalization/{name}", _sqs_event(_envelope(source, store, topic, data)))


def _write_people_commands() -> None:
    """What an operator asks and decides about people."""
    words = {"by": "kim", "why": "she told support"}
    two = ["ada.archer.0@example.com", "shopify:us#7000000000000000001"]
    commands: dict[str, dict[str, Any]] = {
        "explain": {"address": two[0]},
        "merge": {"identifiers": two, **words},
        "unmerge": {"address": two[0], "change_id": "of the history in explain", **words},
        "separate": {"groups": [[two[0]], [two[1]]], **words},
        "share": {"address": "+12025550130", "by": "kim", "why": "the phone at the counter"},
        "duplicates": {"system": "hubspot", "groups": 5},
        "merge_duplicates": {"system": "hubspot", "maximum": 10, "apply": False},
        "erase": {"address": two[0], "by": "kim", "why": "asked for by letter", "dry_run": True},
        "export": {"address": two[0], "by": "kim", "unknown": True},
        "privacy": {},
    }
    for command, arguments in commands.items():
        _write(f"operations/{command}", {"command": command, "arguments": arguments})


def _write_identity_samples() -> None:
    """What identity_normalization is told about people beside their orders."""
    kept, deleted, orders = invent(1, "US"), invent(2, "US"), [ORDER.order_id]
    shopify = {
        "customers/merge": identity_bodies.merged_customers(kept, deleted),
        "customers/delete": identity_bodies.deleted_customer(deleted),
        "customers/redact": identity_bodies.erasure(kept, orders),
        "customers/data_request": identity_bodies.data_request(kept, orders),
        "shop/redact": identity_bodies.SHOP,
        "customers_email_marketing_consent/update": shopify_bodies.consent_body(kept, MOMENT),
    }
    hubspot = {
        "hubspot_contact_merge": identity_bodies.contact_changes(MOMENT),
        "hubspot_contact_privacy_deletion": identity_bodies.forgotten_contact(MOMENT),
    }
    bodies: list[tuple[str, str, str, str, Any]] = [
        *((f"shopify_{topic.replace('/', '_')}", "shopify", "us", topic, body) for topic, body in shopify.items()),
        *((name, "hubspot", "main", "events", body) for name, body in hubspot.items()),
    ]
    for name, source, store, topic, body in bodies:
        data = json.dumps(body, separators=(",", ":")).encode()
        _write(f"identity_normalization/{name}", _sqs_event(_envelope(source, store, topic, data)))


def _write_privacy_samples() -> None:
    """What privacy_requests is told: by identity_normalization, and by the dispatcher."""
    about = {"source": "shopify", "store": "us", "requested_at": MOMENT, "schema_version": PrivacyRequest.VERSION}
    person = Person(email="ada.archer@example.com", phone="+12025550123", customer_id="7700000000000001")
    kinds: dict[PrivacyKind, Person | None] = {"erase": person, "access": person, "erase_store": None}
    for kind, whom in kinds.items():
        request = PrivacyRequest(**about, request_id=f"shopify:us:{kind}:sample", kind=kind, person=whom)
        _write(f"privacy_requests/{kind}", _sqs_event(request.to_json()))
    rows = (DueRow(subject="privacy:1-sample", row="privacy#request", claim="c" * 32),)
    _write("privacy_requests/due_work", _sqs_event(DueWork(schema_version=1, rows=rows).to_json()))


def _facts(fields: Mapping[str, Any], sample: str) -> str:
    """What identity_normalization makes of a sample."""
    from commerce_sync.config.advanced import senders_of_properties  # noqa: PLC0415 # keeps the import of the CLI light
    from commerce_sync.intake import translate  # noqa: PLC0415

    event = json.loads((EVENTS / "identity_normalization" / f"{sample}.json").read_text())
    envelope = Envelope.parse(event["Records"][0]["body"])
    store = senders_of_properties()[envelope.source, envelope.store]
    translation = translate(envelope.source, envelope.topic, store, envelope.body_bytes() or b"")
    return DeliveredFacts(**fields, events=translation.events).to_json()


def _api_event(source: str, store: str, topic: str, body: bytes) -> dict[str, Any]:
    is_door = source in DOORS
    path = f"/consent/{source}/{store}" if is_door else f"/webhooks/{source}/{store}"
    route = f"POST /consent/{source}/{{store}}" if is_door else "POST /webhooks/{source}/{store}"
    parameters = {"store": store} if is_door else {"source": source, "store": store}
    if source in NAMED_BY_PATH:
        path, route, parameters = f"{path}/{topic}", f"{route}/{{topic+}}", parameters | {"topic": topic}
    if source == "web":
        return web_event(PUBLIC_URL, store, SECRETS[source][store][0], body, at=MOMENT)
    proof = signed_headers(
        source, SECRETS[source][store][0], PUBLIC_URL + path, body, "sample-1", at=MOMENT.timestamp()
    )
    headers = {"content-type": "application/json", **{name.lower(): value for name, value in proof.items()}}
    if source in TOPIC_HEADERS:
        headers[TOPIC_HEADERS[source]] = topic
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "pathParameters": parameters,
        "requestContext": {
            "domainName": PUBLIC_URL.removeprefix("https://"),
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1"},
            "requestId": "sample",
            "stage": "$default",
            "timeEpoch": int(MOMENT.timestamp() * 1000),
        },
        "isBase64Encoded": True,
        "body": base64.b64encode(body).decode(),
    }


def _envelope(source: str, store: str, topic: str, body: bytes) -> str:
    headers = {"x-shopify-triggered-at": MOMENT.isoformat()} if source == "shopify" else {}
    if source == "klaviyo":
        headers = {"klaviyo-webhook-id": json.loads(body)["meta"]["klaviyo_webhook_id"]}
    delivery = VerifiedDelivery(source, store, "", "POST", "", headers, body, MOMENT.timestamp())
    return serialize(wrap(delivery, topic, "sample-1"))


def _sqs_event(body: str) -> dict[str, Any]:
    record = {
        "messageId": "00000000-0000-4000-8000-000000000001",
        "receiptHandle": "sample",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1795262400000", "SenderId": "sample"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:sample",
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def _write(name: str, content: Any) -> None:
    path = EVENTS / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write_samples()
