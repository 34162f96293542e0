"""Lists, bulk imports, merges and deletions in the Klaviyo sandbox."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from local.sandboxes.klaviyo.caller import Caller, data

pytestmark = pytest.mark.network
IMPORT = "profile-bulk-import-job"
DELETION = "data-privacy-deletion-job"


def new_list(caller: Caller, name: str = "Customers") -> str:
    """A new list's id."""
    return str(data(caller.post("/api/lists", "list", {"name": name}))["id"])


def members(*ids: str) -> dict[str, Any]:
    """The body that names profiles."""
    return {"data": [{"type": "profile", "id": identifier} for identifier in ids]}


def import_profiles(caller: Caller, *attributes: dict[str, Any], **more: Any) -> TestResponse:
    """Start a bulk import."""
    rows = [{"type": "profile", "attributes": row} for row in attributes]
    return caller.post(f"/api/{IMPORT}s", IMPORT, {"profiles": {"data": rows}}, **more)


def delete(caller: Caller, identifier: str = "", **attributes: str) -> TestResponse:
    """Ask for a privacy deletion."""
    profile = {"type": "profile", "attributes": attributes} | ({"id": identifier} if identifier else {})
    return caller.post(f"/api/{DELETION}s", DELETION, {"profile": {"data": profile}})


def merge(caller: Caller, destination: str, *sources: str) -> TestResponse:
    """Ask for a merge."""
    body = {"type": "profile-merge", "id": destination, "relationships": {"profiles": members(*sources)}}
    return caller.call("POST", "/api/profile-merge", {"data": body})


def test_members_come_and_go_without_any_effect_on_consent() -> None:
    """Rule 13: 204 both ways."""
    caller = Caller()
    list_id, ana = new_list(caller), data(caller.upsert(email="a@b.co"))["id"]
    path = f"/api/lists/{list_id}/relationships/profiles"
    assert caller.call("POST", path, members(ana)).status_code == 204
    shown = data(caller.call("GET", f"/api/lists/{list_id}/profiles?additional-fields[profile]=subscriptions"))
    assert shown[0]["attributes"]["joined_group_at"] == "2026-11-01T12:00:00+00:00"
    assert shown[0]["attributes"]["subscriptions"]["email"]["marketing"]["consent"] == "NEVER_SUBSCRIBED"
    assert [item["id"] for item in data(caller.call("GET", f"/api/profiles/{ana}/lists"))] == [list_id]
    assert caller.call("DELETE", path, members(ana)).status_code == 204
    assert data(caller.call("GET", f"/api/lists/{list_id}/profiles")) == []


def test_a_membership_call_has_a_limit() -> None:
    """Rule 13: over 1000 profiles is 400; an unknown list is 404."""
    caller = Caller()
    path = f"/api/lists/{new_list(caller)}/relationships/profiles"
    assert caller.call("POST", path, members(*map(str, range(1001)))).status_code == 400
    assert caller.call("POST", "/api/lists/nothing/relationships/profiles", members("1")).status_code == 404


def test_lists_come_in_pages_of_ten() -> None:
    """Rule 19: found by name, ten a page."""
    caller = Caller()
    for number in range(12):
        new_list(caller, f"List {number}")
    first = caller.call("GET", "/api/lists?sort=created").get_json(force=True)
    second = caller.call("GET", first["links"]["next"]).get_json(force=True)
    assert (len(first["data"]), len(second["data"]), second["links"]["next"]) == (10, 2, None)
    assert caller.call("GET", "/api/lists?page[size]=11").status_code == 400
    assert len(data(caller.call("GET", '/api/lists?filter=equals(name,"List 11")'))) == 1


def test_a_bulk_import_passes_through_its_states() -> None:
    """Rule 20: queued, processing, complete."""
    caller = Caller(job_lag=60)
    answer = import_profiles(caller, {"email": "a@b.co"})
    path = f"/api/{IMPORT}s/{data(answer)['id']}"
    states = [answer.status_code, data(answer)["attributes"]["status"]]
    for _ in range(2):
        caller.clock.advance(30)
        states.append(data(caller.call("GET", path))["attributes"]["status"])
    assert states == [202, "queued", "processing", "complete"]


def test_a_bulk_import_reports_the_rows_it_refused() -> None:
    """Rule 20: the others are imported."""
    caller = Caller()
    bad = {"email": "b@b.co", "phone_number": "600"}
    job_id = data(import_profiles(caller, {"email": "a@b.co"}, bad, {"email": "c@b.co"}))["id"]
    counts = data(caller.call("GET", f"/api/{IMPORT}s/{job_id}"))["attributes"]
    assert (counts["total_count"], counts["completed_count"], counts["failed_count"]) == (3, 2, 1)
    (row,) = data(caller.call("GET", f"/api/{IMPORT}s/{job_id}/import-errors"))
    pointer = "/data/attributes/profiles/data/1/attributes/phone_number"
    assert row["attributes"]["source"] == {"pointer": pointer}
    assert row["attributes"]["original_payload"]["attributes"] == bad


def test_nulls_clear_nothing_in_a_bulk_import() -> None:
    """Rule 20: unlike in a single upsert."""
    caller = Caller()
    caller.upsert(email="a@b.co", first_name="Ana", properties={"a": "1"}, location={"zip": "28001"})
    import_profiles(caller, {"email": "a@b.co", "first_name": None, "properties": {"a": None}, "location": None})
    (profile,) = caller.state()["profiles"]
    assert (profile["first_name"], profile["properties"], profile["location"]) == ("Ana", {"a": "1"}, {"zip": "28001"})


def test_a_bulk_import_can_fill_a_list() -> None:
    """Section 4.3: and touches no consent."""
    caller = Caller()
    relation = {"lists": {"data": [{"type": "list", "id": new_list(caller)}]}}
    import_profiles(caller, {"email": "a@b.co"}, relationships=relation)
    assert len(caller.state()["lists"][0]["members"]) == 1


def test_a_bulk_import_has_limits() -> None:
    """Rule 20: over 10,000 profiles is 400; an unknown attribute is refused at once."""
    caller = Caller()
    rows = [{"email": f"p{number}@b.co"} for number in range(10_001)]
    assert import_profiles(caller, *rows).status_code == 400
    assert import_profiles(caller, *rows[:10_000]).status_code == 202
    assert len(caller.state()["profiles"]) == 10_000
    assert import_profiles(caller, {"email": "a@b.co", "subscriptions": {}}).status_code == 400


def test_a_merge_takes_one_source_which_is_then_gone() -> None:
    """Rule 24: asynchronous; events, identifiers and memberships move."""
    caller = Caller(job_lag=10)
    keep, gone = data(caller.upsert(email="a@b.co"))["id"], data(caller.upsert(email="b@b.co", first_name="Bea"))["id"]
    caller.send(unique_id="1", email="b@b.co")
    assert merge(caller, keep, gone, "01OTHER").status_code == 400
    assert merge(caller, keep, keep).status_code == 400
    assert merge(caller, keep, gone).status_code == 201
    assert caller.call("GET", f"/api/profiles/{gone}").status_code == 200
    caller.clock.advance(10)
    assert caller.call("GET", f"/api/profiles/{gone}").status_code == 404
    state = caller.state()
    assert [(profile["id"], profile["email"], profile["first_name"]) for profile in state["profiles"]] == [
        (keep, "a@b.co", "Bea")
    ]
    assert [event["profile_id"] for event in state["events"]] == [keep]


def test_a_deletion_names_its_profile_once() -> None:
    """Rule 22: two identifiers, or none, are 400."""
    caller = Caller()
    assert delete(caller, email="a@b.co", phone_number="+34600111222").status_code == 400
    assert delete(caller).status_code == 400


def test_a_deleted_person_comes_back_with_a_later_event() -> None:
    """Rule 22: asynchronous, and not a suppression."""
    caller = Caller(job_lag=10)
    ana = data(caller.upsert(email="ana@example.com"))["id"]
    caller.send(unique_id="1")
    answer = delete(caller, ana)
    assert (answer.status_code, answer.data) == (202, b"")
    assert len(caller.state()["events"]) == 1
    caller.clock.advance(10)
    assert (caller.state()["profiles"], caller.state()["events"]) == ([], [])
    caller.send(unique_id="1")
    (profile,) = caller.state()["profiles"]
    assert profile["id"] != ana
