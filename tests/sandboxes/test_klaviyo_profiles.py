"""Profiles in the Klaviyo sandbox."""

from typing import Any

import pytest

from local.sandboxes.klaviyo.caller import Caller, data, error

pytestmark = pytest.mark.network
PHONE = "+34600111222"


def only_profile(caller: Caller) -> dict[str, Any]:
    """The account's one profile."""
    (profile,) = caller.state()["profiles"]
    assert isinstance(profile, dict)
    return profile


def test_an_upsert_creates_and_then_updates_one_profile() -> None:
    """Rule 3: 201, then 200; email addresses compare without case."""
    caller = Caller()
    first, second = caller.upsert(email="Ana@Example.com"), caller.upsert(email="ana@example.com", first_name="Ana")
    assert (first.status_code, second.status_code) == (201, 200)
    assert data(first)["id"] == data(second)["id"]
    assert only_profile(caller)["first_name"] == "Ana"


def test_null_clears_and_absence_keeps() -> None:
    """Rule 3: the null trap that wipes profiles."""
    caller = Caller()
    place = {"country": "Spain", "zip": "28001"}
    caller.upsert(email="a@b.co", first_name="Ana", last_name="Ruiz", location=place, properties={"a": "1", "b": "2"})
    caller.upsert(email="a@b.co", first_name=None, location={"zip": None}, properties={"a": None})
    profile = only_profile(caller)
    assert (profile["first_name"], profile["last_name"]) == (None, "Ruiz")
    assert (profile["location"], profile["properties"]) == ({"country": "Spain"}, {"b": "2"})
    caller.upsert(email="a@b.co", properties=None)
    assert only_profile(caller)["properties"] == {}


def test_patch_properties_append_unappend_and_unset() -> None:
    """Rule 3: ``meta.patch_properties`` stands beside the attributes."""
    caller = Caller()
    caller.upsert(email="a@b.co", properties={"stores": ["eu", "us"], "old": 1})
    patch = {"append": {"stores": "uk"}, "unappend": {"stores": "us"}, "unset": "old"}
    meta = {"patch_properties": patch}
    caller.post("/api/profile-import", "profile", {"email": "a@b.co"}, meta=meta)
    assert only_profile(caller)["properties"] == {"stores": ["eu", "uk"]}


def test_a_known_address_with_a_new_phone_takes_the_phone() -> None:
    """Section 4.1: the phone number is written onto the profile that has the email address."""
    caller = Caller()
    caller.upsert(email="a@b.co")
    caller.upsert(email="a@b.co", phone_number=PHONE)
    assert only_profile(caller)["phone_number"] == PHONE


def test_identifiers_of_two_profiles_conflict_everywhere() -> None:
    """Rule 4: 409 on create, change and upsert; only create names the other profile."""
    caller = Caller()
    mine = data(caller.upsert(email="a@b.co"))["id"]
    other = data(caller.upsert(phone_number=PHONE))["id"]
    created = caller.post("/api/profiles", "profile", {"phone_number": PHONE})
    upserted = caller.upsert(email="a@b.co", phone_number=PHONE)
    body = {"data": {"type": "profile", "id": mine, "attributes": {"phone_number": PHONE}}}
    changed = caller.call("PATCH", f"/api/profiles/{mine}", body)
    assert [answer.status_code for answer in (created, upserted, changed)] == [409, 409, 409]
    assert error(created)["code"] == "duplicate_profile"
    assert error(created)["meta"] == {"duplicate_profile_id": other}
    assert error(upserted)["meta"] == {}


@pytest.mark.parametrize(
    ("attributes", "detail", "pointer"),
    [
        ({"email": "not an address"}, "Invalid email address", "email"),
        ({"email": 5}, "Invalid email address", "email"),
        ({"phone_number": "600111222"}, "Invalid phone number format", "phone_number"),
        ({"phone_number": "+3460"}, "Invalid phone number format", "phone_number"),
        ({"email": "a@b.co", "firstName": "Ana"}, "'firstName' is not a valid field", "firstName"),
        ({"email": "a@b.co", "location": {"town": "x"}}, "'town' is not a valid field", "location/town"),
        ({"email": "a@b.co", "subscriptions": {}}, "'subscriptions' is not a valid field", "subscriptions"),
        ({"email": "a@b.co", "first_name": 5}, "Not a valid string", "first_name"),
    ],
)
def test_a_bad_attribute_is_named(attributes: dict[str, Any], detail: str, pointer: str) -> None:
    """Rule 5: 400 with a pointer, and nothing is stored."""
    caller = Caller()
    answer = caller.upsert(**attributes)
    assert answer.status_code == 400
    assert detail in error(answer)["detail"]
    assert error(answer)["source"] == {"pointer": f"/data/attributes/{pointer}"}
    assert caller.state()["profiles"] == []


def test_a_profile_needs_an_identifier() -> None:
    """Section 4: nobody can be upserted without one, nor lose the last one."""
    caller = Caller()
    assert caller.upsert(first_name="Ana").status_code == 400
    mine = data(caller.upsert(email="a@b.co"))["id"]
    body = {"data": {"type": "profile", "id": mine, "attributes": {"email": None}}}
    assert caller.call("PATCH", f"/api/profiles/{mine}", body).status_code == 400


def test_a_freed_identifier_can_be_taken() -> None:
    """An address that a profile gave up belongs to nobody."""
    caller = Caller()
    mine = data(caller.upsert(email="a@b.co", external_id="1"))["id"]
    body = {"data": {"type": "profile", "id": mine, "attributes": {"email": "new@b.co"}}}
    assert caller.call("PATCH", f"/api/profiles/{mine}", body).status_code == 200
    assert caller.upsert(email="a@b.co").status_code == 201


def test_a_change_names_the_same_profile_in_path_and_body() -> None:
    """Section 4.1: PATCH needs ``data.id``."""
    caller = Caller()
    mine = data(caller.upsert(email="a@b.co"))["id"]
    body = {"data": {"type": "profile", "attributes": {"first_name": "Ana"}}}
    assert caller.call("PATCH", f"/api/profiles/{mine}", body).status_code == 400
    assert caller.call("GET", "/api/profiles/01UNKNOWN").status_code == 404


def test_profiles_are_filtered() -> None:
    """Section 4.2: equals and any on identifiers, strict inequality on times."""
    caller = Caller()
    for email in ("a@b.co", "b@b.co", "c@b.co"):
        caller.upsert(email=email)
        caller.clock.advance(60)
    found = {
        query: [profile["attributes"]["email"] for profile in data(caller.call("GET", f"/api/profiles?filter={query}"))]
        for query in (
            'equals(email,"b@b.co")',
            'any(email,["a@b.co","c@b.co"])',
            "greater-than(updated,2026-11-01T12:00:30Z),less-than(updated,2026-11-01T12:01:30Z)",
        )
    }
    assert [sorted(emails) for emails in found.values()] == [["b@b.co"], ["a@b.co", "c@b.co"], ["b@b.co"]]


@pytest.mark.parametrize(
    "query",
    [
        "filter=equals(email,a@b.co)",
        'filter=contains(email,"a")',
        'filter=equals(first_name,"Ana")',
        "filter=greater-or-equal(updated,2026-11-01T12:00:30Z)",
        'filter=greater-than(updated,"2026-11-01T12:00:30Z")',
        "filter=equals(email",
        "page[size]=101",
        "page[size]=0",
        "sort=first_name",
        "page[cursor]=nonsense",
        "additional-fields[profile]=everything",
    ],
)
def test_a_query_outside_the_rules_is_refused(query: str) -> None:
    """Sections 4.2 and 17.19: unknown fields, operators, sorts and page sizes are 400."""
    assert Caller().call("GET", f"/api/profiles?{query}").status_code == 400


def test_following_the_next_link_reads_every_profile_once() -> None:
    """Section 4.2: ``links.next`` is followed verbatim until null, while others write."""
    caller = Caller()
    for number in range(45):
        caller.upsert(email=f"p{number}@b.co")
    seen: list[str] = []
    path: str | None = "/api/profiles?sort=-email&page[size]=20&fields[profile]=email"
    while path:
        answer = caller.call("GET", path).get_json(force=True)
        seen += [profile["attributes"]["email"] for profile in answer["data"]]
        path = answer["links"]["next"]
        caller.upsert(email=f"zz{len(seen)}@b.co")
    assert seen == sorted((f"p{number}@b.co" for number in range(45)), reverse=True)


def test_subscriptions_are_shown_only_on_request() -> None:
    """Section 5.1: they are an additional field."""
    caller = Caller()
    caller.upsert(email="a@b.co")
    plain = data(caller.call("GET", "/api/profiles"))[0]["attributes"]
    full = data(caller.call("GET", "/api/profiles?additional-fields[profile]=subscriptions"))[0]["attributes"]
    assert "subscriptions" not in plain
    assert full["subscriptions"]["email"]["marketing"]["consent"] == "NEVER_SUBSCRIBED"
    assert full["subscriptions"]["email"]["marketing"]["can_receive_email_marketing"] is True


def test_an_upsert_that_changes_nothing_does_not_touch_updated() -> None:
    """A reader that polls by ``updated`` must not see its own repeats."""
    caller = Caller()
    before = data(caller.upsert(email="a@b.co", first_name="Ana"))["attributes"]["updated"]
    caller.clock.advance(60)
    assert data(caller.upsert(email="a@b.co", first_name="Ana"))["attributes"]["updated"] == before
