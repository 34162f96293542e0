"""Our own client of Klaviyo's profiles against the sandbox, over a socket."""

import pytest
from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.klaviyo import DuplicateProfileError, KlaviyoProfiles, klaviyo_http

from local.sandboxes.base import Fault, Sandbox
from local.sandboxes.server import Sandboxes

pytestmark = pytest.mark.network
ANA, BO, PHONE = "ana@example.com", "bo@example.com", "+12025550131"


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """An empty account that answers as often as it is asked."""
    sandboxes.klaviyo.state.configure({"rate_limits": False})
    return sandboxes.klaviyo


@pytest.fixture
def profiles(sandboxes: Sandboxes, sandbox: Sandbox) -> KlaviyoProfiles:
    """A client of ours that talks to it."""
    return KlaviyoProfiles(klaviyo_http(sandboxes.urls["klaviyo"], "pk_local", "2026-10-15", 10.0))


def test_an_upsert_says_which_profile_it_wrote(sandbox: Sandbox, profiles: KlaviyoProfiles) -> None:
    """The same one each time."""
    first = profiles.upsert(ANA, {"first_name": "Ana", "country": "ES"}, {})
    assert profiles.upsert(ANA, {"phone_number": PHONE}, {}) == first
    (profile,) = sandbox.state.snapshot()["profiles"]
    assert (profile["id"], profile["phone_number"], profile["location"]) == (first, PHONE, {"country": "ES"})


@pytest.mark.parametrize("named", [False, True])
def test_a_phone_number_of_somebody_else_is_told_apart_and_can_be_left_out(
    sandbox: Sandbox,
    profiles: KlaviyoProfiles,
    named: bool,  # noqa: FBT001 # a parameter
) -> None:
    """Nothing was written, so the same without the phone number is the next step."""
    sandbox.state.configure({"upsert_names_duplicate": named})
    bo = profiles.upsert(BO, {"phone_number": PHONE}, {})
    profiles.upsert(ANA, {}, {})
    with pytest.raises(DuplicateProfileError) as refusal:
        profiles.upsert(ANA, {"first_name": "Ana", "phone_number": PHONE}, {})
    assert refusal.value.duplicate_profile_id == (bo if named else None)
    assert (refusal.value.status, refusal.value.fields) == (409, ("/data/attributes",))
    assert str(refusal.value) == "klaviyo 409 duplicate_profile at /data/attributes"
    assert [profile["first_name"] for profile in sandbox.state.snapshot()["profiles"]] == [None, None]


def test_what_does_not_look_like_an_id_is_not_kept_as_one(sandbox: Sandbox, profiles: KlaviyoProfiles) -> None:
    """A refusal never carries what somebody wrote into its body."""
    problem = {"code": "duplicate_profile", "meta": {"duplicate_profile_id": ANA}}
    sandbox.faults.append(Fault(path_prefix="/api/profile-import", status=409, body={"errors": [problem]}))
    with pytest.raises(DuplicateProfileError) as refusal:
        profiles.upsert(ANA, {}, {})
    assert refusal.value.duplicate_profile_id is None


def test_another_refusal_of_an_upsert_is_no_duplicate(profiles: KlaviyoProfiles) -> None:
    """A bad phone number stays what it is."""
    with pytest.raises(RefusedByVendorError) as refusal:
        profiles.upsert(ANA, {"phone_number": "600"}, {})
    assert not isinstance(refusal.value, DuplicateProfileError)
    assert refusal.value.fields == ("/data/attributes/phone_number",)


def test_pages_hold_every_profile_once_in_the_order_of_ids(profiles: KlaviyoProfiles) -> None:
    """By a hundred, until there is no next page."""
    written = [profiles.upsert(f"person{number}@example.com", {}, {}) for number in range(205)]
    seen: list[str] = []
    sizes: list[int] = []
    cursor: str | None = None
    while not sizes or cursor:
        page, cursor = profiles.page(cursor)
        sizes.append(len(page))
        seen += [profile["id"] for profile in page]
        assert {"email", "phone_number", "external_id", "created"} <= page[0]["attributes"].keys()
    assert (sizes, seen) == ([100, 100, 5], sorted(written))


def test_a_next_page_on_another_host_is_never_asked_for(
    sandboxes: Sandboxes, sandbox: Sandbox, profiles: KlaviyoProfiles
) -> None:
    """Not even where it is one of ours."""
    elsewhere = sandboxes.urls["hubspot"] + "/api/profiles?page%5Bcursor%5D=x"
    body = {"data": [], "links": {"next": elsewhere}}
    sandbox.faults.append(Fault(method="GET", path_prefix="/api/profiles", status=200, body=body))
    _, cursor = profiles.page(None)
    with pytest.raises(PermanentError, match="leads elsewhere"):
        profiles.page(cursor)


def test_an_empty_answer_is_neither_the_last_page_nor_a_written_profile(
    sandbox: Sandbox, profiles: KlaviyoProfiles
) -> None:
    """Something between us and Klaviyo swallowed it: try again."""
    sandbox.faults.append(Fault(method="GET", path_prefix="/api/profiles", status=200))
    sandbox.faults.append(Fault(path_prefix="/api/profile-import", status=200))
    with pytest.raises(RetriableError):
        profiles.page(None)
    with pytest.raises(RetriableError):
        profiles.upsert(ANA, {}, {})


def test_a_person_is_found_whole_by_any_identifier(profiles: KlaviyoProfiles) -> None:
    """Each profile once, with its subscriptions; nobody is nobody."""
    ana, bo = profiles.upsert(ANA, {}, {"plan": "gold"}), profiles.upsert(BO, {"phone_number": PHONE}, {})
    found = profiles.find(email=ANA, phone=PHONE, profile_id=bo)
    assert [profile["id"] for profile in found] == [ana, bo]
    assert found[0]["attributes"]["properties"] == {"plan": "gold"}
    assert found[0]["attributes"]["subscriptions"]["email"]["marketing"]["consent"] == "NEVER_SUBSCRIBED"
    assert profiles.find(email="nobody@example.com") == []
    assert profiles.find() == []


@pytest.mark.parametrize("email", ['"ana\\bo"@example.com', 'ana"),equals(email,"bo@example.com', "ana+é@example.com"])
def test_quotes_in_an_address_stay_inside_the_filter(profiles: KlaviyoProfiles, email: str) -> None:
    """An address is text, never a part of the filter's language."""
    profiles.upsert(BO, {}, {})
    assert profiles.find(email=email) == []


def test_a_merge_happens_later_and_once(sandbox: Sandbox, profiles: KlaviyoProfiles) -> None:
    """Asked again before or after, nothing else happens."""
    sandbox.state.configure({"job_lag": 60})
    kept, gone = profiles.upsert(ANA, {}, {}), profiles.upsert(BO, {"phone_number": PHONE}, {})
    for _ in range(2):
        profiles.merge(kept, gone)
    assert len(sandbox.state.snapshot()["profiles"]) == 2
    sandbox.clock.advance(60)
    profiles.merge(kept, gone)
    (profile,) = sandbox.state.snapshot()["profiles"]
    assert (profile["id"], profile["email"], profile["phone_number"]) == (kept, ANA, PHONE)


def test_a_merge_into_nobody_is_refused(sandbox: Sandbox, profiles: KlaviyoProfiles) -> None:
    """A destination that is gone is no repeat, and the source stays."""
    there = profiles.upsert(ANA, {}, {})
    for destination, source in (("01GONE", there), ("01GONE", "01LOST")):
        with pytest.raises(RefusedByVendorError):
            profiles.merge(destination, source)
    assert [profile["id"] for profile in sandbox.state.snapshot()["profiles"]] == [there]


@pytest.mark.parametrize("by", ["profile_id", "email", "phone"])
def test_a_forgotten_person_is_gone_later_and_asking_again_is_harmless(
    sandbox: Sandbox, profiles: KlaviyoProfiles, by: str
) -> None:
    """By any one identifier; the next upsert makes somebody new."""
    sandbox.state.configure({"job_lag": 60})
    ana = profiles.upsert(ANA, {"phone_number": PHONE}, {})
    identifier = {by: {"profile_id": ana, "email": ANA, "phone": PHONE}[by]}
    profiles.forget(**identifier)
    assert profiles.find(profile_id=ana) != []
    sandbox.clock.advance(60)
    assert profiles.find(profile_id=ana) == []
    profiles.forget(**identifier)
    sandbox.clock.advance(60)
    assert profiles.upsert(ANA, {}, {}) != ana
