"""Events and metrics in the Klaviyo sandbox."""

from typing import Any

import pytest

from local.sandboxes.klaviyo.caller import Caller, data, error

pytestmark = pytest.mark.network
NOON = "2026-10-02T12:00:00Z"


def unique_ids(caller: Caller) -> list[str]:
    """The recorded events, in order of arrival."""
    return [event["unique_id"] for event in caller.state()["events"]]


def metric_id(caller: Caller, name: str) -> str:
    """A metric's id, found by name as a client would."""
    (identifier,) = [
        metric["id"] for metric in data(caller.call("GET", "/api/metrics")) if metric["attributes"]["name"] == name
    ]
    return str(identifier)


def test_an_event_is_accepted_with_an_empty_body_and_recorded_as_sent() -> None:
    """Rule 14: 202 says accepted; the snapshot says what was recorded."""
    caller = Caller()
    answer = caller.send(time="2026-10-02T14:00:00.7+02:00", value=59.9, value_currency="EUR", unique_id="o:1")
    assert (answer.status_code, answer.data) == (202, b"")
    (event,) = caller.state()["events"]
    (profile,) = caller.state()["profiles"]
    assert event == {
        "id": event["id"],
        "metric": "Placed Order",
        "integration": "API",
        "unique_id": "o:1",
        "value": 59.9,
        "value_currency": "EUR",
        "time": "2026-10-02T12:00:00+00:00",
        "profile_id": profile["id"],
        "email": "ana@example.com",
        "phone_number": None,
        "external_id": None,
        "anonymous_id": None,
        "properties": {},
        "backfill": False,
    }


def test_the_first_event_of_a_unique_id_wins() -> None:
    """Rule 14: repeats are dropped quietly, per profile and metric."""
    caller = Caller()
    caller.send(unique_id="o:1", value=1)
    assert caller.send(unique_id="o:1", value=2).status_code == 202
    caller.send(unique_id="o:1", name="Cancelled Order", value=3)
    caller.send(unique_id="o:1", email="bea@example.com", value=4)
    assert [event["value"] for event in caller.state()["events"]] == [1, 3, 4]


def test_events_of_one_second_without_a_unique_id_collapse() -> None:
    """Rule 14: the default unique id is the second."""
    caller = Caller()
    for moment in ("2026-10-02T12:00:00.1Z", "2026-10-02T12:00:00.9Z", "2026-10-02T12:00:01Z"):
        caller.send(time=moment)
    assert len(caller.state()["events"]) == 2


def test_an_event_is_readable_only_after_its_lag() -> None:
    """Rule 14: accepted is not processed."""
    caller = Caller(event_lag=30)
    caller.send(unique_id="o:1")
    assert data(caller.call("GET", "/api/events")) == []
    caller.clock.advance(30)
    assert len(data(caller.call("GET", "/api/events"))) == 1


@pytest.mark.parametrize(
    ("attributes", "pointer"),
    [
        ({"value": "59.90"}, "value"),
        ({"value": True}, "value"),
        ({"value": 10**400}, "value"),
        ({"time": "9999-12-31T23:59:59-14:00"}, "time"),
        ({"time": "yesterday"}, "time"),
        ({"time": "1989-12-31T00:00:00Z"}, "time"),
        ({"time": "2027-11-02T12:00:01Z"}, "time"),
        ({"properties": None}, "properties"),
        ({"properties": {str(number): 1 for number in range(401)}}, "properties"),
        ({"properties": {"note": {"long": "x" * 100_001}}}, "properties/note"),
        ({"name": "x" * 128}, "metric/data/attributes/name"),
        ({"unique_id": 1001}, "unique_id"),
        ({"unique_id": ""}, "unique_id"),
        ({"currency": "EUR"}, "currency"),
        ({"email": "not an address"}, "profile/data/attributes/email"),
    ],
)
def test_a_bad_event_is_refused_with_a_pointer(attributes: dict[str, Any], pointer: str) -> None:
    """Rules 5 and 14, section 7.1: nothing is stored."""
    caller = Caller()
    answer = caller.send(**attributes)
    assert answer.status_code == 400
    assert error(answer)["source"]["pointer"] == f"/data/attributes/{pointer}"
    assert (caller.state()["events"], caller.state()["profiles"]) == ([], [])


def test_a_misplaced_meta_is_refused() -> None:
    """Section 1.1: in this revision ``meta`` stands beside the profile's attributes, not among them."""
    caller = Caller()
    meta = {"patch_properties": {"unset": ["cart"]}}
    inside = {"data": {"type": "profile", "attributes": {"email": "a@b.co", "meta": meta}}}
    beside = {"data": {"type": "profile", "attributes": {"email": "a@b.co"}, "meta": meta}}
    event = {"properties": {}, "metric": {"data": {"type": "metric", "attributes": {"name": "X"}}}}
    answers = [caller.post("/api/events", "event", event | {"profile": profile}) for profile in (inside, beside)]
    assert [answer.status_code for answer in answers] == [400, 202]


def test_an_event_creates_and_updates_its_profile() -> None:
    """Section 7.1: identifiers of another profile stay where they are, for nobody is left to refuse."""
    caller = Caller()
    caller.upsert(phone_number="+34600111222")
    profile = {"email": "a@b.co", "phone_number": "+34600111222", "first_name": "Ana"}
    event = {"properties": {}, "metric": {"data": {"type": "metric", "attributes": {"name": "X"}}}}
    caller.upsert(email="a@b.co")
    event["profile"] = {"data": {"type": "profile", "attributes": profile}}
    assert caller.post("/api/events", "event", event).status_code == 202
    found = [(known["email"], known["phone_number"], known["first_name"]) for known in caller.state()["profiles"]]
    assert found == [(None, "+34600111222", None), ("a@b.co", None, "Ana")]


def test_backfill_never_triggers_flows() -> None:
    """Rule 16: neither do repeats, which are not recorded."""
    caller = Caller()
    caller.send(unique_id="1", backfill=True)
    caller.send_many({"unique_id": "2", "backfill": True}, {"unique_id": "3"})
    caller.send(unique_id="3")
    assert caller.state()["flow_triggers"] == 1


def test_a_bulk_job_stores_its_events_in_order() -> None:
    """Rule 15: accepted with 202 and an empty body."""
    caller = Caller()
    answer = caller.send_many({"unique_id": "1"}, {"unique_id": "2", "email": "bea@example.com"}, backfill=True)
    assert (answer.status_code, answer.data) == (202, b"")
    assert unique_ids(caller) == ["1", "2"]
    assert [event["backfill"] for event in caller.state()["events"]] == [True, True]


def test_a_repeated_unique_id_fails_the_whole_bulk_job() -> None:
    """Rule 15: across groups and spellings of the same profile, nothing is stored."""
    caller = Caller()
    answer = caller.send_many({"unique_id": "1"}, {"unique_id": "2"}, {"unique_id": "1", "email": "ANA@example.com"})
    assert answer.status_code == 400
    assert unique_ids(caller) == []


def test_one_unique_id_of_two_metrics_or_profiles_is_no_repeat() -> None:
    """Rule 15: a unique id belongs to a profile and a metric."""
    caller = Caller()
    events = [{"unique_id": "1"}, {"unique_id": "1", "name": "Cancelled Order"}, {"unique_id": "1", "email": "b@b.co"}]
    assert caller.send_many(*events).status_code == 202
    assert unique_ids(caller) == ["1", "1", "1"]


def test_stored_ids_in_a_bulk_job_collapse_or_fail_it_as_configured() -> None:
    """Rule 15: the vendor does not say which, so clients must bear both."""
    caller = Caller()
    caller.send(unique_id="1")
    assert caller.send_many({"unique_id": "1"}, {"unique_id": "2"}).status_code == 202
    assert unique_ids(caller) == ["1", "2"]
    caller.configure(bulk_rejects_known_ids=True)
    assert caller.send_many({"unique_id": "2"}, {"unique_id": "3"}).status_code == 400
    assert unique_ids(caller) == ["1", "2"]


def test_a_bulk_job_has_limits() -> None:
    """Section 7.2: 1000 events and 5 MB."""
    caller = Caller()
    assert caller.send_many(*({"unique_id": str(number)} for number in range(1001))).status_code == 400
    heavy = [{"unique_id": str(number), "properties": {"note": "x" * 99_000}} for number in range(51)]
    assert caller.send_many(*heavy).status_code == 413
    assert caller.send_many(*({"unique_id": str(number)} for number in range(1000))).status_code == 202
    assert len(unique_ids(caller)) == 1000


def test_one_bad_event_refuses_the_bulk_job() -> None:
    """Rule 15: the pointer says which."""
    caller = Caller()
    answer = caller.send_many({"unique_id": "1"}, {"unique_id": "2", "value": "9.99"})
    group = "/data/attributes/events-bulk-create/data/1"
    assert error(answer)["source"]["pointer"] == f"{group}/attributes/events/data/0/attributes/value"
    assert unique_ids(caller) == []


def test_a_group_and_its_event_may_not_disagree_about_backfill() -> None:
    """Section 7.2: what would happen is not documented, so it must not be sent."""
    assert Caller().send_many({"unique_id": "1", "backfill": False}, backfill=True).status_code == 400


def test_lost_records_are_accepted_all_the_same() -> None:
    """Rule 25: only reading back tells."""
    caller = Caller(drop_every=3)
    statuses = [caller.send(unique_id=str(number)).status_code for number in range(1, 7)]
    assert statuses == [202] * 6
    assert unique_ids(caller) == ["1", "2", "4", "5"]


def test_a_metric_is_made_by_its_first_event_for_each_integration() -> None:
    """Rule 17: one name, two integrations, two metrics."""
    caller = Caller()
    caller.send(unique_id="1")
    caller.send(
        unique_id="1", metric={"data": {"type": "metric", "attributes": {"name": "Placed Order", "service": "shopify"}}}
    )
    metrics = data(caller.call("GET", '/api/metrics?filter=equals(integration.name,"API")'))
    assert len(caller.state()["metrics"]) == 2
    assert [metric["attributes"]["integration"]["name"] for metric in metrics] == ["API"]
    assert data(caller.call("GET", f"/api/metrics/{metrics[0]['id']}"))["attributes"]["name"] == "Placed Order"


def test_metrics_take_no_page_size() -> None:
    """Rule 19: 400."""
    assert Caller().call("GET", "/api/metrics?page[size]=200").status_code == 400


def test_events_are_read_by_metric_and_time() -> None:
    """Rule 18: the cursor recipe of section 9."""
    caller = Caller()
    for hour in (3, 1, 2):
        caller.send(unique_id=str(hour), time=f"2026-10-02T0{hour}:00:00Z", value=hour)
    caller.send(unique_id="9", name="Viewed Product", time="2026-10-02T02:00:00Z")
    terms = f'equals(metric_id,"{metric_id(caller, "Placed Order")}"),greater-or-equal(datetime,2026-10-02T02:00:00Z)'
    events = data(caller.call("GET", f"/api/events?filter={terms}&sort=datetime"))
    assert [event["attributes"]["event_properties"] for event in events] == [
        {"$event_id": "2", "$value": 2, "$value_currency": None},
        {"$event_id": "3", "$value": 3, "$value_currency": None},
    ]
    assert events[0]["attributes"]["timestamp"] == 1_790_906_400


def test_following_the_next_link_reads_every_event_once() -> None:
    """Rule 18: also when many share a second."""
    caller = Caller()
    for number in range(25):
        caller.send(unique_id=str(number), time=NOON)
    seen: list[str] = []
    path: str | None = "/api/events?sort=datetime&page[size]=10"
    while path:
        page = caller.call("GET", path).get_json(force=True)
        seen += [event["attributes"]["event_properties"]["$event_id"] for event in page["data"]]
        path = page["links"]["next"]
    assert sorted(seen, key=int) == [str(number) for number in range(25)]


def test_profiles_and_metrics_are_included_once_each() -> None:
    """Rule 18: ``included`` holds every related resource once."""
    caller = Caller()
    caller.send(unique_id="1")
    caller.send(unique_id="2")
    answer = caller.call("GET", "/api/events?include=profile,metric").get_json(force=True)
    assert sorted(resource["type"] for resource in answer["included"]) == ["metric", "profile"]
    assert caller.call("GET", "/api/events?include=flow").status_code == 400
    assert caller.call("GET", "/api/events?page[size]=1001").status_code == 400


def test_attribution_appears_only_after_its_lag() -> None:
    """Rule 18: up to three hours late, to the last message touched within its window."""
    caller = Caller()
    click = {"metric": "Clicked Email", "email": "ana@example.com", "flow": "RfLoW1", "flow_message": "MsG001"}
    older = {"metric": "Opened Email", "email": "ana@example.com", "campaign": "CaMp1"}
    planted = [{**older, "time": "2026-10-31T10:00:00+00:00"}, {**click, "time": "2026-10-31T12:00:00+00:00"}]
    caller.configure(message_events=planted)
    caller.send(unique_id="o:1", value=10)
    path = f'/api/events?include=attributions&filter=equals(metric_id,"{metric_id(caller, "Placed Order")}")'
    assert caller.call("GET", path).get_json(force=True)["included"] == []
    caller.clock.advance(3 * 3600)
    answer = caller.call("GET", path).get_json(force=True)
    (attribution,) = answer["included"]
    assert answer["data"][0]["relationships"]["attributions"]["data"][0]["id"] == attribution["id"]
    assert attribution["relationships"]["flow"]["data"] == {"type": "flow", "id": "RfLoW1"}
    assert attribution["relationships"]["flow-message"]["data"] == {"type": "flow-message", "id": "MsG001"}
    assert "campaign" not in attribution["relationships"]
    assert len(caller.state()["events"]) == 1
