"""What other apps put into the account, and what hangs on metrics, read as strictly as Klaviyo reads."""

import pytest
from werkzeug.test import TestResponse

from local.sandboxes.klaviyo.caller import Caller, data, error

pytestmark = pytest.mark.network
EVENT = {"integration": "Shopify", "metric": "Placed Order", "time": "2026-10-31T12:00:00+00:00", "value": 5.0}


def metric_of(caller: Caller, integration: str) -> str:
    """The id of an app's metric."""
    metrics = data(caller.call("GET", f'/api/metrics?filter=equals(integration.name,"{integration}")'))
    return str(metrics[0]["id"])


def test_an_apps_metric_is_another_one_than_ours_of_the_same_name() -> None:
    """Told apart by integration; its events are counted apart."""
    caller = Caller(native_events=[EVENT])
    caller.send(value=7.0)
    assert metric_of(caller, "Shopify") != metric_of(caller, "API")
    assert [len(caller.state()[name]) for name in ("events", "app_events")] == [1, 1]


def test_the_newest_event_of_a_metric_is_one_call() -> None:
    """A page of one, the last first."""
    later = {**EVENT, "time": "2026-10-31T13:00:00+00:00"}
    caller = Caller(native_events=[EVENT, later, EVENT])
    metric = metric_of(caller, "Shopify")
    found = data(caller.call("GET", f'/api/events?filter=equals(metric_id,"{metric}")&sort=-datetime&page[size]=1'))
    assert [one["attributes"]["datetime"] for one in found] == [later["time"]]


def test_only_the_single_read_of_a_flow_shows_what_triggers_it() -> None:
    """And only where it is asked for."""
    caller = Caller(flows=[{"id": "FLOW1", "name": "Thanks", "metric_id": "M1"}])
    (listed,) = data(caller.call("GET", '/api/flows?filter=equals(trigger_type,"Metric")'))
    assert "definition" not in listed["attributes"]
    assert "definition" not in data(caller.call("GET", "/api/flows/FLOW1"))["attributes"]
    whole = data(caller.call("GET", "/api/flows/FLOW1?additional-fields[flow]=definition"))
    assert whole["attributes"]["definition"]["triggers"][0]["id"] == "M1"


def test_segments_come_ten_a_page_with_their_definitions() -> None:
    """The next page by its link."""
    caller = Caller(segments=[{"id": f"S{n:02}", "name": "S", "metric_id": "M1"} for n in range(12)])
    answer = caller.call("GET", "/api/segments").get_json(force=True)
    assert len(answer["data"]) == 10
    following = caller.call("GET", answer["links"]["next"].removeprefix("http://localhost")).get_json(force=True)
    assert [one["id"] for one in following["data"]] == ["S10", "S11"]
    assert following["data"][0]["attributes"]["definition"]["condition_groups"]


def test_a_mapped_metric_names_the_metric() -> None:
    """By its relation."""
    caller = Caller(mapped_metrics={"revenue": "M1"})
    (mapped,) = data(caller.call("GET", "/api/mapped-metrics"))
    assert (mapped["id"], mapped["relationships"]["metric"]["data"]["id"]) == ("revenue", "M1")


REFUSED = (
    "/api/flows?page[size]=51",
    "/api/flows?include=tags-of-mine",
    "/api/flows/FLOW1?additional-fields[flow]=everything",
    "/api/flows?filter=equals(color,'red')",
    "/api/segments?page[size]=50",
    "/api/segments?additional-fields[segment]=profile_count",
    "/api/mapped-metrics?page[size]=1",
)


@pytest.mark.parametrize("path", REFUSED)
def test_what_klaviyo_does_not_know_is_refused(path: str) -> None:
    """A 400 that names the parameter."""
    answer: TestResponse = Caller().call("GET", path)
    assert answer.status_code == 400
    assert error(answer)["source"]["parameter"]


def test_a_flow_that_there_is_not_is_not_found() -> None:
    """404."""
    assert Caller().call("GET", "/api/flows/NONE").status_code == 404
