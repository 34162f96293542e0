"""The vendor's own client against the Klaviyo sandbox, over HTTP."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from klaviyo_api import KlaviyoAPI
from openapi_client.exceptions import ApiException
from werkzeug.serving import make_server

from local.sandboxes.klaviyo.caller import Caller, event

pytestmark = pytest.mark.network
PROFILE = {"data": {"type": "profile", "attributes": {"email": "ana@example.com"}}}


@pytest.fixture
def caller() -> Caller:
    """An empty account."""
    return Caller()


@pytest.fixture
def klaviyo(caller: Caller) -> Iterator[Any]:
    """The vendor's client, pointed at the account."""
    server = make_server("127.0.0.1", 0, caller.sandbox.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield KlaviyoAPI("pk_local", test_host=f"http://127.0.0.1:{server.server_port}", max_retries=1)
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_client_upserts_and_reads_profiles(klaviyo: Any) -> None:
    """The answers parse into the client's models."""
    created = klaviyo.Profiles.create_or_update_profile(PROFILE)
    page = klaviyo.Profiles.get_profiles(
        filter='equals(email,"ana@example.com")', additional_fields_profile=["subscriptions"]
    )
    assert [profile.id for profile in page.data] == [created.data.id]
    assert page.data[0].attributes.subscriptions.email.marketing.can_receive_email_marketing is True


def test_the_client_sends_and_reads_events(klaviyo: Any, caller: Caller) -> None:
    """Single, bulk and the events read back with what they are related to."""
    single = {"type": "event", "attributes": event(unique_id="1", value=9.5) | {"profile": PROFILE}}
    klaviyo.Events.create_event({"data": single})
    group = {"profile": PROFILE, "events": {"data": [{"type": "event", "attributes": event(unique_id="2")}]}}
    groups = {"data": [{"type": "event-bulk-create", "attributes": group}]}
    job = {"type": "event-bulk-create-job", "attributes": {"events-bulk-create": groups}}
    klaviyo.Events.bulk_create_events({"data": job})
    page = klaviyo.Events.get_events(include=["profile", "metric", "attributions"], sort="datetime", page_size=200)
    assert sorted(item.attributes.event_properties["$event_id"] for item in page.data) == ["1", "2"]
    assert [item["unique_id"] for item in caller.state()["events"]] == ["1", "2"]


def test_the_client_follows_pages(klaviyo: Any) -> None:
    """The client takes the cursor out of an https ``links.next``, and sends it with the ``=`` that stood before it."""
    for number in range(3):
        body = {"data": {"type": "profile", "attributes": {"email": f"p{number}@b.co"}}}
        klaviyo.Profiles.create_or_update_profile(body)
    first = klaviyo.Profiles.get_profiles(page_size=2, sort="email")
    following = first.links.next.replace("http://", "https://")
    second = klaviyo.Profiles.get_profiles(page_size=2, sort="email", page_cursor=following)
    assert [profile.attributes.email for profile in first.data + second.data] == ["p0@b.co", "p1@b.co", "p2@b.co"]


def test_the_client_reads_accounts_metrics_and_lists(klaviyo: Any, caller: Caller) -> None:
    """The start-up checks of a sync."""
    caller.send(unique_id="1")
    body = {"data": {"type": "list", "attributes": {"name": "Customers", "opt_in_process": "single_opt_in"}}}
    created = klaviyo.Lists.create_list(body)
    assert klaviyo.Accounts.get_accounts().data[0].attributes.test_account is True
    assert klaviyo.Metrics.get_metrics().data[0].attributes.name == "Placed Order"
    assert [item.id for item in klaviyo.Lists.get_lists().data] == [created.data.id]


def test_the_client_subscribes_imports_and_polls(klaviyo: Any, caller: Caller) -> None:
    """Jobs with and without a body."""
    subscriptions = {"email": {"marketing": {"consent": "SUBSCRIBED"}}}
    person = {"type": "profile", "attributes": {"email": "ana@example.com", "subscriptions": subscriptions}}
    kind = "profile-subscription-bulk-create-job"
    job = {"type": kind, "attributes": {"profiles": {"data": [person]}}}
    assert klaviyo.Profiles.bulk_subscribe_profiles({"data": job}) is None
    rows = {"profiles": {"data": [{"type": "profile", "attributes": {"email": "b@b.co"}}]}}
    started = klaviyo.Profiles.bulk_import_profiles({"data": {"type": "profile-bulk-import-job", "attributes": rows}})
    done = klaviyo.Profiles.get_bulk_import_profiles_job(started.data.id)
    assert (done.data.attributes.status, done.data.attributes.completed_count) == ("complete", 1)
    assert len(caller.state()["profiles"]) == 2


def test_the_client_merges_and_forgets_profiles(klaviyo: Any, caller: Caller) -> None:
    """The answers parse into the client's models; pages may be sorted by id."""
    ana = klaviyo.Profiles.create_profile(PROFILE)
    bo = klaviyo.Profiles.create_profile({"data": {"type": "profile", "attributes": {"email": "bo@example.com"}}})
    page = klaviyo.Profiles.get_profiles(sort="id", page_size=100)
    assert [profile.id for profile in page.data] == sorted([ana.data.id, bo.data.id])
    source = {"profiles": {"data": [{"type": "profile", "id": bo.data.id}]}}
    merge = {"type": "profile-merge", "id": ana.data.id, "relationships": source}
    assert klaviyo.Profiles.merge_profiles({"data": merge}).data.id == ana.data.id
    assert [profile["id"] for profile in caller.state()["profiles"]] == [ana.data.id]
    job = {"type": "data-privacy-deletion-job", "attributes": {"profile": PROFILE}}
    assert klaviyo.Data_Privacy.request_profile_deletion({"data": job}) is None
    assert caller.state()["profiles"] == []


def test_the_client_sees_refusals_as_errors(klaviyo: Any) -> None:
    """A 409 carries the other profile's id."""
    created = klaviyo.Profiles.create_profile(PROFILE)
    with pytest.raises(ApiException) as caught:
        klaviyo.Profiles.create_profile(PROFILE)
    assert caught.value.status == 409
    assert created.data.id in str(caught.value.body)
