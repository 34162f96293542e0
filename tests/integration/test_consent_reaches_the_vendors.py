"""Consent from a signed request to Klaviyo, HubSpot and the stores, over AWS in process and the strict sandboxes."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes import consented as c
from tests.fakes.delivered import add_fault, command

pytestmark = pytest.mark.network
ANA = "ana@example.com"
BO = "+12025550101"


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """Live everywhere, with a complete baseline; Ana is known to everybody and Bo has a phone at Klaviyo."""
    sandboxes.klaviyo.state.configure(
        {
            "person_consents": [
                {"act": "subscribe", "email": ANA, "silent": True, "time": "2026-01-05T10:00:00+00:00"},
                {"act": "subscribe", "phone_number": BO, "channel": "sms", "silent": True},
            ]
        }
    )
    sandboxes.shopify.state.configure({"put_customers": [{"id": 501, "email": ANA}]})
    sandboxes.hubspot.state.configure({"edit_contact": {"email": ANA, "properties": {"firstname": "Ana"}}})
    with b.ready_bundle(c.parameters(sandboxes)) as ready:
        ready.put_secret("VendorTokens", c.TOKENS)
        command(ready, "setup")
        c.complete_baseline(ready)
        yield ready


def _ago(**past: float) -> datetime:
    return (datetime.now(UTC) - timedelta(**past)).replace(microsecond=0)


def test_an_opt_out_at_a_store_is_everywhere_when_its_invocation_ends(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Klaviyo globally, HubSpot for all mail and in our properties, the store it came from left as it is."""
    sandboxes.shopify.state.configure({"customer_consents": [{"email": ANA, "state": "unsubscribed"}]})
    c.hear(bundle, c.shopify_choice(ANA, "unsubscribed", _ago(minutes=1)))
    assert c.klaviyo_shows(sandboxes, ("email", ANA)) == "UNSUBSCRIBED UNSUBSCRIBE"
    assert c.hubspot_shows(sandboxes, ANA) == "all out"
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    assert contact["properties"]["sync_email_consent"] == "out"
    assert contact["properties"]["sync_email_consent_source"] == "shopify:us"
    c.settle(bundle)
    assert set(c.rows(bundle).values()) == {"settled"}


def test_an_opt_out_at_a_form_reaches_every_store_that_has_the_address(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The store shows the newest time, so the opt-out is dated after what stands there."""
    sandboxes.shopify.state.configure({"customer_consents": [{"email": ANA, "state": "subscribed"}]})
    c.hear(bundle, c.preference("unsubscribe", _ago(minutes=5), email=ANA))
    assert c.shop_shows(sandboxes, ANA) == ["unsubscribed"]


def test_an_opt_in_is_told_after_the_settle_window_as_history(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """With its own time as evidence, starting no flow; HubSpot gets its legal basis."""
    cy, at = "cy@example.com", _ago(hours=1)
    c.hear(bundle, c.preference("subscribe", at, email=cy, verification="double_opt_in"))
    flows = sandboxes.klaviyo.state.snapshot()["flow_triggers"]
    c.settle(bundle)
    assert c.klaviyo_shows(sandboxes, ("email", cy)) == "SUBSCRIBED"
    assert sandboxes.klaviyo.state.snapshot()["flow_triggers"] == flows
    (profile,) = [one for one in sandboxes.klaviyo.state.snapshot()["profiles"] if one["email"] == cy]
    told = datetime.fromisoformat(profile["subscriptions"]["email"]["marketing"]["consent_timestamp"])
    assert told == at
    assert "SUBSCRIBED" in c.hubspot_shows(sandboxes, cy)
    assert set(c.rows(bundle).values()) <= {"settled", "skipped"}


def test_a_store_that_was_connected_since_the_baseline_holds_up_opt_ins_and_no_opt_out(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """Its opt-outs are not known yet; the commands name it."""
    c.complete_baseline(bundle, [name for name in c.SYSTEMS if name != "shopify:us"])
    c.hear(bundle, c.preference("subscribe", _ago(hours=1), email="cy@example.com", verification="double_opt_in"))
    c.hear(bundle, c.preference("unsubscribe", _ago(minutes=1), email=ANA))
    c.settle(bundle)
    assert c.klaviyo_shows(sandboxes, ("email", "cy@example.com")) in {"unknown", "NEVER_SUBSCRIBED"}
    assert c.klaviyo_shows(sandboxes, ("email", ANA)).startswith("UNSUBSCRIBED")
    for named in (command(bundle, "mode")["baseline"], command(bundle, "status")["consent"]["baseline"]):
        assert named == "shopify:us: connected since, and not read. Start operations baseline"


def test_a_stop_ends_sms_everywhere_and_a_start_brings_it_back(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """STOP is hard: only the handset, or a confirmation, clears it; not in the second in which Klaviyo heard of it. The
    clock of the texts runs a moment ahead: Klaviyo takes no consent of a time that has not come, so that is waited for.
    """
    c.hear(bundle, c.text_message(BO, "Stop.", _ago(minutes=4)))
    assert c.klaviyo_shows(sandboxes, ("sms", BO)) == "UNSUBSCRIBED"
    web = c.preference("subscribe", _ago(minutes=3), phone=BO, channel="sms", form="popup")
    c.hear(bundle, web)
    c.settle(bundle)
    assert c.klaviyo_shows(sandboxes, ("sms", BO)) == "UNSUBSCRIBED"
    start = _ago(seconds=-2)
    c.hear(bundle, c.text_message(BO, "START", start))
    c.settle(bundle)
    while datetime.now(UTC) <= start + timedelta(seconds=2):
        time.sleep(0.1)
    c.settle(bundle)
    assert c.klaviyo_shows(sandboxes, ("sms", BO)) == "SUBSCRIBED"


def test_a_text_that_may_be_an_opt_out_holds_the_number(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Marked for the segments, not unsubscribed; a person decides."""
    c.hear(bundle, c.text_message(BO, "cancel my order", _ago(minutes=1)))
    (profile,) = [one for one in sandboxes.klaviyo.state.snapshot()["profiles"] if one["phone_number"] == BO]
    assert profile["properties"]["sync_sms_hold"] is True
    assert c.klaviyo_shows(sandboxes, ("sms", BO)) == "SUBSCRIBED"


def test_an_opt_out_that_klaviyo_alone_knows_is_never_overwritten(
    bundle: InProcessBundle, sandboxes: Sandboxes
) -> None:
    """The target is read first; what it shows goes to the ledger, and from there to everybody."""
    sandboxes.klaviyo.state.configure({"person_consents": [{"act": "unsubscribe", "email": ANA}]})
    c.hear(bundle, c.preference("subscribe", _ago(minutes=10), email=ANA, verification="double_opt_in"))
    c.settle(bundle)
    assert c.klaviyo_shows(sandboxes, ("email", ANA)).startswith("UNSUBSCRIBED")
    assert c.hubspot_shows(sandboxes, ANA) == "all out"


def test_what_klaviyo_accepts_and_drops_is_told_again(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """A 202 proves nothing: it is read back."""
    drop = {"path_prefix": "/api/profile-subscription-bulk-delete-jobs", "times": 1, "drop": True}
    add_fault(sandboxes.klaviyo, drop)
    c.hear(bundle, c.preference("unsubscribe", _ago(minutes=1), email=ANA))
    assert c.klaviyo_shows(sandboxes, ("email", ANA)) == "SUBSCRIBED"
    c.settle(bundle)
    assert c.klaviyo_shows(sandboxes, ("email", ANA)).startswith("UNSUBSCRIBED")


def test_the_same_deliveries_again_write_nothing_and_call_nobody(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """In another order as well."""
    first = c.preference("unsubscribe", _ago(minutes=20), email=ANA)
    second = c.text_message(BO, "STOP", _ago(minutes=4))
    c.hear(bundle, first, second)
    c.settle(bundle)
    before = (b.items(bundle, "LedgerTable"), b.items(bundle, "ConsentOutboxTable"))
    c.hear(bundle, second, first)
    c.settle(bundle)
    assert (b.items(bundle, "LedgerTable"), b.items(bundle, "ConsentOutboxTable")) == before


def test_a_lost_ledger_stops_consent_and_says_why(bundle: InProcessBundle, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written, nothing is told, the message stays."""
    c.hear(bundle, c.preference("unsubscribe", _ago(minutes=20), email=ANA))
    client, table = b.aws_client("dynamodb"), bundle.names["LedgerTable"]
    for item in b.items(bundle, "LedgerTable"):
        client.delete_item(TableName=table, Key={name: item[name] for name in ("address_key", "entry")})
    event = b.api_event(c.preference("unsubscribe", _ago(minutes=1), email="cy@example.com"), at=_ago().timestamp())
    assert b.post(bundle, event)["statusCode"] == 200
    b.consume(bundle, "identity_normalization", b.waiting(bundle, "ConsentInboundQueue"))
    messages = b.waiting(bundle, "OptOutsQueue")
    assert b.consume(bundle, "consent_propagation", messages) == messages
    printed = capsys.readouterr().out
    assert "LedgerLost" in printed
    assert "lost" in printed
    assert "cy@example.com" not in printed


def test_nothing_that_is_printed_names_anybody(bundle: InProcessBundle, capsys: pytest.CaptureFixture[str]) -> None:
    """Logs and metrics hold codes and counts."""
    c.hear(bundle, c.preference("unsubscribe", _ago(minutes=1), email=ANA), c.text_message(BO, "STOP", _ago(minutes=1)))
    c.settle(bundle)
    printed = capsys.readouterr().out
    assert "OptOutsTold" in printed
    assert not [name for name in (ANA, BO, BO[1:]) if name in printed]
