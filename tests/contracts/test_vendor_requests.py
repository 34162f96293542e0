"""Every request that our clients send, against the vendors' own SDK models, so that no mistake is shared."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import openapi_client.models as klaviyo_models
import pytest
from commerce_sync.contracts import CanonicalEvent, Person
from commerce_sync.errors import RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.hubspot import HubSpotContacts, HubSpotProperties
from commerce_sync.vendors.hubspot.client import BatchAnswer, read_batch
from commerce_sync.vendors.hubspot.properties import ORDER_PROPERTIES
from commerce_sync.vendors.klaviyo import KlaviyoEvents, KlaviyoProfiles
from commerce_sync.vendors.klaviyo.events import METRICS
from commerce_sync.vendors.klaviyo.first_events import KlaviyoFirstEvents
from commerce_sync.vendors.klaviyo.lists import KlaviyoLists
from hubspot.crm import contacts as hubspot_contacts
from hubspot.crm import properties as hubspot_properties

from tests.fakes.facts import facts, placed, refunded, started_checkout


class Recorder:
    """Takes calls instead of a vendor, and answers what it is told to."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self._answers = answers or {}

    def call(self, method: str, path: str, body: Any = None, _params: Any = None) -> Answer:
        """Remember one call."""
        self.calls.append((method, path, body))
        return Answer(200, next((answer for part, answer in self._answers.items() if part in path), {}))

    def write_batch(self, path: str, inputs: Any) -> Any:
        """As HubSpot's client does."""
        self.calls.append(("POST", path, {"inputs": list(inputs)}))
        return BatchAnswer({entry["objectWriteTraceId"]: {"id": "77"} for entry in inputs}, {})


def assert_klaviyo_accepts(model: str, body: Mapping[str, Any]) -> None:
    """The model takes the body, and keeps every member of it (it drops unknown ones silently)."""
    parsed = getattr(klaviyo_models, model).model_validate(body)
    assert_kept(body, parsed.to_dict(), model)


def assert_kept(sent: Any, kept: Any, where: str) -> None:
    """Every member that was sent is still there."""
    if isinstance(sent, Mapping) and isinstance(kept, Mapping):
        for name, value in sent.items():
            assert name in kept, f"{where}.{name} is not a member of the vendor's model"
            if name != "properties":
                assert_kept(value, kept[name], f"{where}.{name}")
    if isinstance(sent, list):
        for position, value in enumerate(sent):
            assert_kept(value, kept[position], f"{where}[{position}]")


def events() -> list[CanonicalEvent]:
    """One event of each name that reaches Klaviyo."""
    known = {event.name: event for event in (placed(), refunded(), started_checkout())}
    made = [
        started_checkout().model_copy(update={"name": name, "event_id": f"shopify:us:1:{name}"})
        for name in METRICS
        if name not in known
    ]
    return [*known.values(), *made]


@pytest.mark.parametrize("event", events(), ids=lambda event: event.name)
@pytest.mark.parametrize("backfill", [False, True])
def test_klaviyo_accepts_every_event(event: CanonicalEvent, backfill: bool) -> None:  # noqa: FBT001 # a parameter
    """create_event by EventCreateQueryV2."""
    http = Recorder()
    person = event.person or Person(phone="+12025550131")
    KlaviyoEvents(http).send(event.model_copy(update={"person": person}), backfill=backfill)  # type: ignore[arg-type] # a fake
    ((method, path, body),) = http.calls
    assert (method, path) == ("POST", "/api/events")
    assert_klaviyo_accepts("EventCreateQueryV2", body)
    assert isinstance(body["data"]["attributes"].get("value", 0.0), float)


@pytest.mark.parametrize("metric", METRICS.values())
def test_klaviyo_accepts_the_event_that_makes_a_metric(metric: str) -> None:
    """create_event by EventCreateQueryV2; whose it is has no address, and nothing of it starts a flow."""
    http = Recorder()
    KlaviyoFirstEvents(http).send(metric)  # type: ignore[arg-type] # a fake
    ((method, path, body),) = http.calls
    assert (method, path) == ("POST", "/api/events")
    assert_klaviyo_accepts("EventCreateQueryV2", body)
    attributes = body["data"]["attributes"]
    assert attributes["backfill"] is True
    assert attributes["profile"]["data"]["attributes"].keys() == {"external_id"}


def test_klaviyo_accepts_a_bulk_job_grouped_by_profile() -> None:
    """bulk_create_events by EventsBulkCreateJob; one group a profile."""
    http = Recorder()
    sent = [*events(), placed("2", person=Person(email="bo@example.com"))]
    person = Person(email="ana@example.com")
    KlaviyoEvents(http).send_many([e.model_copy(update={"person": e.person or person}) for e in sent], backfill=True)  # type: ignore[arg-type] # a fake
    ((_, path, body),) = http.calls
    assert path == "/api/event-bulk-create-jobs"
    assert_klaviyo_accepts("EventsBulkCreateJob", body)
    groups = body["data"]["attributes"]["events-bulk-create"]["data"]
    assert len(groups) == 2
    assert sum(len(group["attributes"]["events"]["data"]) for group in groups) == len(sent)


def test_klaviyo_accepts_a_profile_and_nothing_unset_is_sent() -> None:
    """create_or_update_profile by ProfileUpsertQuery; a null would clear."""
    http = Recorder({"profile-import": {"data": {"type": "profile", "id": "01ANA"}}})
    attributes = {"first_name": "Ana", "country": "ES", "phone_number": "+12025550131", "external_id": "hubspot:501"}
    properties = {"hubspot_lifecycle_stage": "customer"}
    written = KlaviyoProfiles(http).upsert("ana@example.com", attributes, properties)  # type: ignore[arg-type] # a fake
    assert written == "01ANA"
    ((_, _, body),) = http.calls
    assert_klaviyo_accepts("ProfileUpsertQuery", body)
    assert "None" not in repr(body)


def test_klaviyo_accepts_members_of_lists() -> None:
    """Both ways, on the path that touches no consent."""
    recorder = Recorder()
    lists = KlaviyoLists(recorder)  # type: ignore[arg-type] # a fake
    lists.add("Y6nRLr", ["01A", "01B"])
    lists.remove("Y6nRLr", ["01A"])
    path = "/api/lists/Y6nRLr/relationships/profiles"
    assert [call[:2] for call in recorder.calls] == [("POST", path), ("DELETE", path)]
    assert_klaviyo_accepts("ListMembersAddQuery", recorder.calls[0][2])
    assert_klaviyo_accepts("ListMembersDeleteQuery", recorder.calls[1][2])


def test_klaviyo_accepts_a_merge_of_one_source() -> None:
    """merge_profiles by ProfileMergeQuery."""
    http = Recorder()
    KlaviyoProfiles(http).merge("01KEPT", "01GONE")  # type: ignore[arg-type] # a fake
    ((method, path, body),) = http.calls
    assert (method, path) == ("POST", "/api/profile-merge")
    assert_klaviyo_accepts("ProfileMergeQuery", body)
    assert body["data"]["id"] == "01KEPT"
    assert [source["id"] for source in body["data"]["relationships"]["profiles"]["data"]] == ["01GONE"]


@pytest.mark.parametrize(
    ("identifier", "profile"),
    [
        ({"profile_id": "01ANA"}, {"id": "01ANA", "attributes": {}}),
        ({"email": "ana@example.com"}, {"attributes": {"email": "ana@example.com"}}),
        ({"phone": "+12025550131"}, {"attributes": {"phone_number": "+12025550131"}}),
    ],
)
def test_klaviyo_accepts_a_privacy_deletion_by_one_identifier(
    identifier: dict[str, str], profile: dict[str, Any]
) -> None:
    """request_profile_deletion by DataPrivacyCreateDeletionJobQuery; the attributes are there even beside an id."""
    http = Recorder()
    KlaviyoProfiles(http).forget(**identifier)  # type: ignore[arg-type] # a fake
    ((method, path, body),) = http.calls
    assert (method, path) == ("POST", "/api/data-privacy-deletion-jobs")
    assert_klaviyo_accepts("DataPrivacyCreateDeletionJobQuery", body)
    assert body["data"]["attributes"]["profile"]["data"] == {"type": "profile", **profile}


@pytest.mark.parametrize("identifiers", [{}, {"email": "ana@example.com", "phone": "+12025550131"}])
def test_a_privacy_deletion_without_exactly_one_identifier_is_never_sent(identifiers: dict[str, str]) -> None:
    """Klaviyo refuses several, and none would be nobody."""
    http = Recorder()
    with pytest.raises(ValueError, match="exactly one"):
        KlaviyoProfiles(http).forget(**identifiers)  # type: ignore[arg-type] # a fake
    assert http.calls == []


def test_a_phone_number_never_rides_beside_an_email_address() -> None:
    """It would be written onto the profile, and end SMS consent there."""
    http = Recorder()
    person = Person(email="ana@example.com", phone="+12025550131")
    KlaviyoEvents(http).send(placed(person=person), backfill=False)  # type: ignore[arg-type] # a fake
    profile = http.calls[0][2]["data"]["attributes"]["profile"]["data"]["attributes"]
    assert profile == {"email": "ana@example.com"}


def test_bulk_jobs_are_the_fewest_that_count_and_bytes_allow() -> None:
    """1000 events and five megabytes."""
    sender = KlaviyoEvents(Recorder())  # type: ignore[arg-type] # a fake
    small = [started_checkout(f"c{number}") for number in range(2500)]
    assert [len(batch) for batch in sender.batches(small)] == [1000, 1000, 500]
    large = [event.model_copy(update={"properties": {"x": "y" * 90_000}}) for event in small[:120]]
    batches = sender.batches(large)
    assert sum(len(batch) for batch in batches) == 120
    sizes = [sum(sender.size(event) for event in batch) for batch in batches]
    assert max(sizes) <= 5_000_000
    assert len(batches) == -(-sum(sizes) // (5_000_000 - max(map(sender.size, large))))


def strictly(module: Any, model: str) -> Callable[..., Any]:
    """A HubSpot SDK model with its required and enum checks on."""
    configuration = module.Configuration()
    configuration.client_side_validation = True
    return lambda **fields: getattr(module, model)(**fields, local_vars_configuration=configuration)


def test_hubspot_accepts_new_contacts_and_reads_of_them() -> None:
    """Batch create and batch read, with the members that the spec requires."""
    hubspot = Recorder({"batch/read": {"results": []}})
    contacts = HubSpotContacts(hubspot)  # type: ignore[arg-type] # a fake
    contacts.ids_by_email(["ana@example.com"])
    contacts.create({"ana@example.com": {"email": "ana@example.com", "firstname": "Ana"}})
    read, create = (body for _, _, body in hubspot.calls)
    strictly(hubspot_contacts, "BatchReadInputSimplePublicObjectId")(
        id_property=read["idProperty"],
        inputs=read["inputs"],
        properties=read["properties"],
        properties_with_history=read["propertiesWithHistory"],
    )
    make = strictly(hubspot_contacts, "SimplePublicObjectBatchInputForCreate")
    for entry in create["inputs"]:
        make(
            associations=entry["associations"],
            object_write_trace_id=entry["objectWriteTraceId"],
            properties=entry["properties"],
        )


def test_hubspot_accepts_merges_and_privacy_deletions() -> None:
    """PublicMergeInput and PublicGdprDeleteInput, by record id and by email address."""
    hubspot = Recorder({"/merge": {"id": 503}})
    contacts = HubSpotContacts(hubspot)  # type: ignore[arg-type] # a fake
    assert contacts.merge("501", "502") == "503"
    assert contacts.forget("501")
    contacts.forget_email("ana@example.com")
    merge, by_id, by_email = (body for _, _, body in hubspot.calls)
    strictly(hubspot_contacts, "PublicMergeInput")(
        primary_object_id=merge["primaryObjectId"], object_id_to_merge=merge["objectIdToMerge"]
    )
    make = strictly(hubspot_contacts, "PublicGdprDeleteInput")
    make(object_id=by_id["objectId"])
    make(object_id=by_email["objectId"], id_property=by_email["idProperty"])
    assert (set(merge), set(by_id)) == ({"primaryObjectId", "objectIdToMerge"}, {"objectId"})
    assert by_email == {"objectId": "ana@example.com", "idProperty": "email"}


def test_hubspot_accepts_our_property_definitions() -> None:
    """Every definition, with its group."""
    hubspot = Recorder()
    HubSpotProperties(hubspot).create("orders", ORDER_PROPERTIES)  # type: ignore[arg-type] # a fake
    make = strictly(hubspot_properties, "PropertyCreate")
    for _, _, body in hubspot.calls:
        make(
            name=body["name"],
            label=body["label"],
            type=body["type"],
            field_type=body["fieldType"],
            group_name=body["groupName"],
            description=body["description"],
            has_unique_value=body.get("hasUniqueValue", False),
        )


def test_a_batch_answer_is_read_by_trace_id() -> None:
    """Shuffled results, a refused input, and one that is named nowhere."""
    problem = {
        "category": "VALIDATION_ERROR",
        "context": {"objectWriteTraceId": ["b"]},
        "errors": [{"code": "INVALID_OPTION", "context": {"propertyName": ["hs_currency_code"]}}],
    }
    answer = read_batch({"results": [{"objectWriteTraceId": "a", "id": "1"}], "errors": [problem]}, ["c", "b", "a"])
    assert answer.records["a"]["id"] == "1"
    assert isinstance(answer.errors["b"], RefusedByVendorError)
    assert str(answer.errors["b"]) == "hubspot 207 INVALID_OPTION at hs_currency_code"
    assert isinstance(answer.errors["c"], RetriableError)


def test_events_of_a_message_keep_their_moment_to_the_second() -> None:
    """Klaviyo truncates to seconds, so that is what we send."""
    http = Recorder()
    moment = datetime(2026, 11, 21, 9, 30, 15, 999_999, tzinfo=UTC)
    event = facts(placed(at=moment)).events[0]
    KlaviyoEvents(http).send(event, backfill=False)  # type: ignore[arg-type] # a fake
    assert http.calls[0][2]["data"]["attributes"]["time"] == "2026-11-21T09:30:15+00:00"
