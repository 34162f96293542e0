"""Every request that writes or reads consent, against the vendors' own SDK models."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.contracts.consent import Channel
from commerce_sync.vendors.hubspot import HubSpotConsentProperties, HubSpotOptOuts, HubSpotProperties
from commerce_sync.vendors.hubspot.consent_properties import CONSENT_PROPERTIES, consent_properties
from commerce_sync.vendors.hubspot.preferences import HubSpotPreferences
from commerce_sync.vendors.klaviyo.consent import RELEASES, SUPPRESSIONS, KlaviyoConsent
from commerce_sync.vendors.shopify.consent import EMAIL_CONSENT, SMS_CONSENT, ShopifyConsent
from commerce_sync.vendors.shopify.documents import CUSTOMERS
from graphql import build_schema, parse, validate
from hubspot.communication_preferences import models as hubspot_preferences
from hubspot.crm import contacts as hubspot_contacts
from hubspot.crm import properties as hubspot_properties

from local.places import ROOT
from tests.contracts.test_vendor_requests import Recorder, assert_klaviyo_accepts, strictly

ANA, PHONE = "ana@example.com", "+12025550131"
PAST = datetime(2026, 9, 30, 10, 15, 0, 250_000, tzinfo=UTC)
ADDRESSES: Mapping[Channel, str] = {"email": ANA, "sms": PHONE}
JOB = {"data": {"type": "job", "id": "1"}}


def sent(recorder: Recorder, path: str) -> Any:
    """The body of the only call."""
    ((method, called, body),) = recorder.calls
    assert (method, called) == ("POST", path)
    assert "None" not in repr(body)
    return body


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize("historical", [False, True])
@pytest.mark.parametrize("list_id", [None, "Y6nRLr"])
def test_klaviyo_accepts_a_grant(channel: Channel, historical: bool, list_id: str | None) -> None:  # noqa: FBT001 # a parameter
    """SubscriptionCreateJobCreateQuery; a time only where it is history, and nothing unset as null."""
    http = Recorder()
    entries = [(ADDRESSES[channel], PAST)]
    KlaviyoConsent(http).subscribe(channel, entries, historical=historical, list_id=list_id, source="Sync")  # type: ignore[arg-type] # a fake
    body = sent(http, "/api/profile-subscription-bulk-create-jobs")
    assert_klaviyo_accepts("SubscriptionCreateJobCreateQuery", body)
    assert ("relationships" in body["data"]) is (list_id is not None)
    attributes = body["data"]["attributes"]
    assert attributes.get("historical_import", False) is historical
    ((only, purposes),) = attributes["profiles"]["data"][0]["attributes"]["subscriptions"].items()
    dated = {"consented_at": "2026-09-30T10:15:00.250000Z"} if historical else {}
    assert (only, purposes) == (channel, {"marketing": {"consent": "SUBSCRIBED", **dated}})


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_klaviyo_accepts_a_withdrawal_without_any_list(channel: Channel) -> None:
    """SubscriptionDeleteJobCreateQuery: everywhere."""
    http = Recorder()
    KlaviyoConsent(http).unsubscribe(channel, [ADDRESSES[channel]])  # type: ignore[arg-type] # a fake
    body = sent(http, "/api/profile-subscription-bulk-delete-jobs")
    assert_klaviyo_accepts("SubscriptionDeleteJobCreateQuery", body)
    assert body["data"].keys() == {"type", "attributes"}


def test_klaviyo_accepts_a_withdrawal_from_a_list() -> None:
    """After its members were read."""
    member = {"id": "01ANA", "attributes": {"email": ANA}}
    http = Recorder({"/api/lists": {"data": [member], "links": {}}})
    http_calls = _with_params(http)
    KlaviyoConsent(http_calls).unsubscribe_from_list("Y6nRLr", [ANA, "bo@example.com"])
    (_, _, _), (_, path, body) = http.calls
    assert path == "/api/profile-subscription-bulk-delete-jobs"
    assert_klaviyo_accepts("SubscriptionDeleteJobCreateQuery", body)
    assert body["data"]["relationships"] == {"list": {"data": {"type": "list", "id": "Y6nRLr"}}}
    assert len(body["data"]["attributes"]["profiles"]["data"]) == 1


def _with_params(recorder: Recorder) -> Any:
    """A recorder that takes query parameters by name, as a session does."""

    class Session:
        def call(self, method: str, path: str, body: Any = None, params: Any = None) -> Any:
            return recorder.call(method, path, body, params)

    return Session()


@pytest.mark.parametrize(
    ("kind", "model"),
    [(SUPPRESSIONS, "SuppressionCreateJobCreateQuery"), (RELEASES, "SuppressionDeleteJobCreateQuery")],
)
def test_klaviyo_accepts_suppressions_and_their_release(kind: str, model: str) -> None:
    """By email address alone."""
    http = Recorder({kind: JOB})
    consent = KlaviyoConsent(http)  # type: ignore[arg-type] # a fake
    (consent.suppress if kind == SUPPRESSIONS else consent.unsuppress)([ANA])
    assert_klaviyo_accepts(model, sent(http, f"/api/{kind}s"))


def test_hubspot_accepts_a_change_of_one_status() -> None:
    """The members of its published request, by name: its SDK knows the older one only, whose words are the same."""
    hubspot = Recorder({"statuses": {"results": [{"setStatusSuccessReason": "REQUESTED_CHANGE_OCCURRED"}]}})
    preferences = HubSpotPreferences(hubspot)  # type: ignore[arg-type] # a fake
    preferences.unsubscribe(ANA, "237525689")
    preferences.subscribe(ANA, "237525689", "CONSENT_WITH_NOTICE", "Opted in at checkout")
    for (_, path, body), state in zip(hubspot.calls, ("UNSUBSCRIBED", "SUBSCRIBED"), strict=True):
        assert path == "/communication-preferences/{V}/statuses/ana%40example.com"
        assert body.keys() == {"subscriptionId", "statusState", "channel", "legalBasis", "legalBasisExplanation"}
        assert (body["subscriptionId"], body["statusState"], body["channel"]) == (237525689, state, "EMAIL")
        hubspot_preferences.PublicUpdateSubscriptionStatusRequest(
            email_address=ANA,
            subscription_id=str(body["subscriptionId"]),
            legal_basis=body["legalBasis"],
            legal_basis_explanation=body["legalBasisExplanation"],
        )


def test_hubspot_accepts_our_consent_properties_and_their_values() -> None:
    """PropertyCreate with its options, and a batch update by record id with every value as text."""
    hubspot = Recorder()
    HubSpotProperties(hubspot).create("contacts", CONSENT_PROPERTIES)  # type: ignore[arg-type] # a fake
    make, make_option = strictly(hubspot_properties, "PropertyCreate"), strictly(hubspot_properties, "OptionInput")
    for _, _, body in hubspot.calls:
        options = [
            make_option(label=one["label"], value=one["value"], display_order=one["displayOrder"], hidden=one["hidden"])
            for one in body.get("options", [])
        ]
        named = {"name": body["name"], "label": body["label"], "type": body["type"], "field_type": body["fieldType"]}
        make(**named, group_name=body["groupName"], description=body["description"], options=options)
    assert len(hubspot.calls) == 8
    hubspot.calls.clear()
    said = consent_properties("sms", "out", opt_in_at=None, opt_out_at=PAST, source="klaviyo:main")
    HubSpotConsentProperties(hubspot).write({"501": said})  # type: ignore[arg-type] # a fake
    (entry,) = hubspot.calls[0][2]["inputs"]
    strictly(hubspot_contacts, "SimplePublicObjectBatchInput")(
        id=entry["id"], object_write_trace_id=entry["objectWriteTraceId"], properties=entry["properties"]
    )
    assert entry["properties"] == {
        "sync_sms_consent": "out",
        "sync_sms_opt_in_at": "",
        "sync_sms_opt_out_at": "2026-09-30T10:15:00.250Z",
        "sync_sms_consent_source": "klaviyo:main",
    }


def test_hubspot_accepts_our_search() -> None:
    """PublicObjectSearchRequest with every member that the spec requires, in fewer than 3,000 characters."""
    hubspot = Recorder({"/search": {"results": []}})
    HubSpotOptOuts(hubspot, ["237525689"]).changed(PAST, "501")  # type: ignore[arg-type] # a fake
    body = sent(hubspot, "/crm/objects/{V}/contacts/search")
    filters = [
        strictly(hubspot_contacts, "Filter")(
            property_name=one["propertyName"],
            operator=one["operator"],
            value=one["value"],
            high_value=one.get("highValue"),
        )
        for one in body["filterGroups"][0]["filters"]
    ]
    strictly(hubspot_contacts, "PublicObjectSearchRequest")(
        filter_groups=[strictly(hubspot_contacts, "FilterGroup")(filters=filters)],
        sorts=body["sorts"],
        properties=body["properties"],
        limit=body["limit"],
        after=body["after"],
    )
    assert body.keys() == {"filterGroups", "sorts", "properties", "limit", "after"}


@pytest.mark.parametrize("document", [CUSTOMERS, EMAIL_CONSENT, SMS_CONSENT], ids=["customers", "email", "sms"])
def test_shopify_accepts_our_documents(document: str) -> None:
    """Against the part of its schema that was written down from its reference; there is no SDK model to ask."""
    schema = build_schema((ROOT / "local" / "sandboxes" / "shopify" / "schema.graphql").read_text())
    assert validate(schema, parse(document)) == []


class ShopifyRecorder:
    """Takes documents instead of Shopify."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def ask(self, document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Remember one, and answer that it is done."""
        self.asked.append((document, variables))
        done = {"customer": {"id": "gid://shopify/Customer/1"}, "userErrors": []}
        return dict.fromkeys(("customerEmailMarketingConsentUpdate", "customerSmsMarketingConsentUpdate"), done)


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_every_write_to_shopify_says_its_time(channel: Channel) -> None:
    """Without it, Shopify would take the time of sending, and an old opt-in would be the newest."""
    shopify = ShopifyRecorder()
    consent = ShopifyConsent(shopify)  # type: ignore[arg-type] # a fake
    consent.unsubscribe("gid://shopify/Customer/1", channel, PAST)
    consent.subscribe("gid://shopify/Customer/1", channel, PAST, "SINGLE_OPT_IN")
    name = {"email": "emailMarketingConsent", "sms": "smsMarketingConsent"}[channel]
    assert [variables["input"][name] for _, variables in shopify.asked] == [
        {"marketingState": "UNSUBSCRIBED", "consentUpdatedAt": "2026-09-30T10:15:00Z"},
        {
            "marketingState": "SUBSCRIBED",
            "marketingOptInLevel": "SINGLE_OPT_IN",
            "consentUpdatedAt": "2026-09-30T10:15:00Z",
        },
    ]
