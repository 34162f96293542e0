"""How profiles are told, against the vendors' own SDK models: single and bulk imports, batches of contacts."""

from commerce_sync.vendors.hubspot.fields import HubSpotFields
from commerce_sync.vendors.klaviyo import KlaviyoProfiles
from commerce_sync.vendors.klaviyo.imports import KlaviyoImports
from hubspot.crm import contacts as hubspot_contacts

from tests.contracts.test_vendor_requests import Recorder, assert_klaviyo_accepts

ATTRIBUTES = {"first_name": "Ana", "country": "Spain", "city": "Vigo", "phone_number": "+12025550131"}
PROPERTIES = {"stage": "lead", "score": 2.5, "is_vip": True, "lists": ["a", "b"]}


def test_klaviyo_accepts_a_profile_with_fields_that_are_cleared() -> None:
    """create_or_update_profile by ProfileUpsertQuery: null is what a single import clears by."""
    http = Recorder({"profile-import": {"data": {"type": "profile", "id": "01ANA"}}})
    attributes = {"first_name": None, "country": None, "last_name": "Ruiz"}
    KlaviyoProfiles(http).upsert("ana@example.com", attributes, {**PROPERTIES, "stage": None})  # type: ignore[arg-type] # a fake
    ((_, _, body),) = http.calls
    assert_klaviyo_accepts("ProfileUpsertQuery", body)
    sent = body["data"]["attributes"]
    assert (sent["first_name"], sent["location"], sent["properties"]["stage"]) == (None, {"country": None}, None)


def test_klaviyo_accepts_a_bulk_import() -> None:
    """bulk_import_profiles by ProfileImportJobCreateQuery; nothing is there but what is wanted."""
    http = Recorder({"profile-bulk-import-jobs": {"data": {"type": "profile-bulk-import-job", "id": "J1"}}})
    imports = KlaviyoImports(http)  # type: ignore[arg-type] # a fake
    rows = [imports.row("ana@example.com", ATTRIBUTES, PROPERTIES), imports.row("bo@example.com", {}, {"stage": "x"})]
    assert imports.start(rows) == "J1"
    ((method, path, body),) = http.calls
    assert (method, path) == ("POST", "/api/profile-bulk-import-jobs")
    assert_klaviyo_accepts("ProfileImportJobCreateQuery", body)
    assert body["data"]["attributes"]["profiles"]["data"] == [
        {
            "type": "profile",
            "attributes": {
                "email": "ana@example.com",
                "first_name": "Ana",
                "phone_number": "+12025550131",
                "location": {"country": "Spain", "city": "Vigo"},
                "properties": PROPERTIES,
            },
        },
        {"type": "profile", "attributes": {"email": "bo@example.com", "properties": {"stage": "x"}}},
    ]


def test_hubspot_accepts_contacts_looked_up_by_address_and_written_by_id() -> None:
    """Texts alone, a trace id of its own on every input."""
    configuration = hubspot_contacts.Configuration()
    configuration.client_side_validation = True
    recorder = Recorder({"batch/read": {"results": []}})
    fields = HubSpotFields(recorder)  # type: ignore[arg-type] # a fake
    fields.holding(["ana@example.com"], ["lifecyclestage"])
    fields.update({"501": {"sync_tier": "gold", "sync_ends": ""}, "502": {"sync_tier": "x"}})
    (_, read_path, read), (_, write_path, written) = recorder.calls
    assert read_path.endswith("/contacts/batch/read")
    assert write_path.endswith("/contacts/batch/update")
    hubspot_contacts.BatchReadInputSimplePublicObjectId(
        local_vars_configuration=configuration,
        id_property=read["idProperty"],
        inputs=[
            hubspot_contacts.SimplePublicObjectId(local_vars_configuration=configuration, **one)
            for one in read["inputs"]
        ],
        properties=read["properties"],
        properties_with_history=read["propertiesWithHistory"],
    )
    inputs = [
        hubspot_contacts.SimplePublicObjectBatchInput(
            local_vars_configuration=configuration,
            id=one["id"],
            object_write_trace_id=one["objectWriteTraceId"],
            properties=one["properties"],
        )
        for one in written["inputs"]
    ]
    assert {type(value) for one in inputs for value in one.properties.values()} == {str}
    assert len({one.object_write_trace_id for one in inputs}) == len(inputs)


def test_hubspot_accepts_contacts_that_are_made() -> None:
    """By their address, with texts alone, tied to nothing."""
    configuration = hubspot_contacts.Configuration()
    configuration.client_side_validation = True
    recorder = Recorder()
    HubSpotFields(recorder).create({"ana@example.com": {"email": "ana@example.com", "sync_order_count": "2"}})  # type: ignore[arg-type] # a fake
    ((method, path, body),) = recorder.calls
    assert (method, path.endswith("/contacts/batch/create")) == ("POST", True)
    (made,) = [
        hubspot_contacts.SimplePublicObjectBatchInputForCreate(
            local_vars_configuration=configuration,
            associations=one["associations"],
            object_write_trace_id=one["objectWriteTraceId"],
            properties=one["properties"],
        )
        for one in body["inputs"]
    ]
    assert made.properties == {"email": "ana@example.com", "sync_order_count": "2"}
