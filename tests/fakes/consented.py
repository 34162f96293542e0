"""Pushes consent all the way through the bundle in process, and looks at the ledger's rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.consent import Address

from local.in_process import InProcessBundle
from local.sample_day.deliveries import Delivery
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b

TOKENS = {**b.TOKENS, "shopify": {"us": "shpat_local"}}

SYSTEMS = ["bigcommerce:outlet", "hubspot", "klaviyo", "shopify:us"]
"""All that these bundles are connected with."""


def parameters(sandboxes: Sandboxes, **more: str) -> dict[str, str]:
    """A bundle whose destinations are all live, and whose waits are over at once."""
    return {
        **b.LIVE,
        "KlaviyoBaseUrl": sandboxes.urls["klaviyo"],
        "HubSpotBaseUrl": sandboxes.urls["hubspot"],
        "StoresMode": "live",
        "StoreBaseUrls": f"shopify:us={sandboxes.urls['shopify']}",
        "SettleSeconds": "0",
        "VerifyAfterSeconds": "0,0",
        **more,
    }


def shopify_choice(email: str, state: str, at: datetime, delivery_id: str = "c") -> Delivery:
    """Shopify's topic about email consent."""
    body = {
        "customer_id": 501,
        "email_address": email,
        "email_marketing_consent": {
            "state": state,
            "opt_in_level": "single_opt_in",
            "consent_updated_at": at.isoformat(),
        },
    }
    topic = "customers_email_marketing_consent/update"
    return Delivery("shopify", "us", topic, json.dumps(body).encode(), delivery_id, headers={"X-Shopify-Topic": topic})


def door(source: str, body: Mapping[str, Any]) -> Delivery:
    """One of the routes about consent."""
    return Delivery(source, "main", "", json.dumps(body).encode(), str(body["id"]))


def preference(choice: str, at: datetime, **more: Any) -> Delivery:
    """A person chose at a preference page."""
    body = {"id": f"p-{choice}-{at.isoformat()}", "channel": "email", "choice": choice, "occurred_at": at.isoformat()}
    return door("preferences", {**body, "form": "footer", **more})


def text_message(number: str, text: str, at: datetime) -> Delivery:
    """A person answered by SMS."""
    body = {"id": f"s-{at.isoformat()}", "from": number, "to": "+12025550000", "text": text, "provider": "sample"}
    return door("sms", {**body, "received_at": at.isoformat()})


def hear(bundle: InProcessBundle, *deliveries: Delivery) -> None:
    """Deliveries through the intake, identity and the ledger, to the destinations."""
    for delivery in deliveries:
        event = b.api_event(delivery, at=datetime.now(UTC).timestamp())
        event["requestContext"]["timeEpoch"] = int(datetime.now(UTC).timestamp() * 1000)
        answer = b.post(bundle, event)
        assert answer["statusCode"] == 200, answer
    for queue in ("ConsentInboundQueue", "InboundQueue"):
        assert b.consume(bundle, "identity_normalization", b.waiting(bundle, queue)) == []
    propagate(bundle)


def propagate(bundle: InProcessBundle) -> None:
    """What waits for consent_propagation, the opt-outs first."""
    for queue in ("OptOutsQueue", "OptInsQueue"):
        assert b.consume(bundle, "consent_propagation", b.waiting(bundle, queue)) == []


def settle(bundle: InProcessBundle, rounds: int = 6) -> None:
    """Dispatch what is due until nothing is."""
    for _ in range(rounds):
        with bundle.function("due_dispatch") as module:
            module.handler({}, None)
        propagate(bundle)


def complete_baseline(bundle: InProcessBundle, systems: Sequence[str] = SYSTEMS) -> None:
    """As if these systems had been loaded, and had known nothing."""
    body = json.dumps({"completed_at": "2026-11-01T00:00:00+00:00", "covered": systems})
    item = {"name": {"S": "baseline"}, "body": {"S": body}, "revision": {"N": "1"}}
    b.aws_client("dynamodb").put_item(TableName=bundle.names["ControlTable"], Item=item)


def rows(bundle: InProcessBundle) -> dict[str, str]:
    """The status of each destination's row, whoever it is about."""
    return {item["row"]["S"]: item["status"]["S"] for item in b.items(bundle, "ConsentOutboxTable")}


def klaviyo_shows(sandboxes: Sandboxes, address: Address) -> str:
    """What Klaviyo shows of an address: its consent and what suppresses it."""
    channel, value = address
    name = "email" if channel == "email" else "phone_number"
    for profile in sandboxes.klaviyo.state.snapshot()["profiles"]:
        if profile.get(name) == value:
            marketing = profile["subscriptions"][channel]["marketing"]
            reasons = [one["reason"] for one in marketing.get("suppression", [])]
            return " ".join([marketing["consent"], *sorted(reasons)])
    return "unknown"


def hubspot_shows(sandboxes: Sandboxes, email: str) -> str:
    """What HubSpot shows of an address."""
    shown = sandboxes.hubspot.state.snapshot()["subscriptions"]
    return "all out" if email in shown["opted_out"] else str(shown["statuses"].get(email, {}))


def shop_shows(sandboxes: Sandboxes, email: str) -> list[str]:
    """What the shop's customers with an address show."""
    customers = sandboxes.shopify.state.snapshot()["customers"]
    return [one["email_marketing_consent"]["state"] for one in customers if one["email"] == email]
