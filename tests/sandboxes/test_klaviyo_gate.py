"""The gate every request to the Klaviyo sandbox passes."""

import pytest

from local.sandboxes.klaviyo.caller import Caller, error

pytestmark = pytest.mark.network


@pytest.mark.parametrize("authorization", ["", "Klaviyo-API-Key pk_wrong", "Bearer pk_local"])
def test_a_request_without_the_private_key_is_refused(authorization: str) -> None:
    """Rule 1: a missing or wrong key is 401."""
    answer = Caller().call("GET", "/api/profiles", headers={"Authorization": authorization})
    assert answer.status_code == 401


@pytest.mark.parametrize("revision", ["", "2020-01-01", "latest"])
def test_a_request_without_the_pinned_revision_is_refused(revision: str) -> None:
    """Rule 1: a missing or unknown revision is 400."""
    answer = Caller().call("GET", "/api/profiles", headers={"revision": revision})
    assert answer.status_code == 400


def test_a_body_must_be_json_api_or_json() -> None:
    """Rule 1: other media types are refused."""
    caller = Caller()
    statuses = [
        caller.call("POST", "/api/profile-import", {"data": {}}, {"Content-Type": media}).status_code
        for media in ("text/plain", "application/x-www-form-urlencoded", "application/json")
    ]
    assert statuses == [415, 415, 400]


def test_a_body_that_is_not_json_is_refused() -> None:
    """A malformed body, NaN included, is 400."""
    caller = Caller()
    client = caller.sandbox.app.test_client()
    headers = {
        "Authorization": "Klaviyo-API-Key pk_local",
        "revision": "2026-10-15",
        "Content-Type": "application/json",
    }
    answers = [client.post("/api/events", data=text, headers=headers) for text in ("{", '{"data": NaN}', "\xff")]
    assert [answer.status_code for answer in answers] == [400, 400, 400]


def test_unknown_paths_methods_and_parameters_are_refused() -> None:
    """Unknown paths are 404, unknown methods 405, unknown query parameters 400 by name."""
    caller = Caller()
    assert caller.call("GET", "/api/nothing").status_code == 404
    assert caller.call("DELETE", "/api/profiles", {}).status_code == 405
    answer = caller.call("GET", "/api/profiles?limit=10")
    assert (answer.status_code, error(answer)["source"]) == (400, {"parameter": "limit"})


def test_calls_within_the_limits_say_what_is_left() -> None:
    """Rule 2: normal answers carry the steady window."""
    answer = Caller(rate_limits=True).call("GET", "/api/accounts")
    assert answer.headers["RateLimit-Limit"] == "15"
    assert answer.headers["RateLimit-Remaining"] == "14"


def test_a_burst_is_throttled_with_whole_seconds_to_wait() -> None:
    """Rule 2: 429 carries an integer Retry-After and no RateLimit headers, and waiting it out is enough."""
    caller = Caller(rate_limits=True)
    caller.call("GET", "/api/accounts")
    answer = caller.call("GET", "/api/accounts")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert not [name for name in answer.headers.keys() if name.startswith("RateLimit")]  # noqa: SIM118 # a multidict
    caller.clock.advance(1)
    assert caller.call("GET", "/api/accounts").status_code == 200


def test_the_steady_window_holds_across_bursts() -> None:
    """Rule 2: the sixteenth account call within a minute waits for the first to leave the window."""
    caller = Caller(rate_limits=True)
    for _ in range(15):
        assert caller.call("GET", "/api/accounts").status_code == 200
        caller.clock.advance(2)
    answer = caller.call("GET", "/api/accounts")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


def test_endpoints_are_limited_separately() -> None:
    """Rule 2: a throttled endpoint leaves the others alone."""
    caller = Caller(rate_limits=True)
    for _ in range(2):
        caller.call("GET", "/api/accounts")
    assert caller.call("GET", "/api/metrics").status_code == 200


def test_a_reset_forgets_everything() -> None:
    """A reset empties the account and restores its settings."""
    caller = Caller(event_lag=60)
    caller.upsert(email="ana@example.com")
    caller.send(unique_id="1")
    caller.sandbox.state.reset()
    caller.clock.advance(60)
    state = caller.state()
    assert (state["profiles"], state["events"]) == ([], [])
    caller.send(unique_id="1")
    assert len(caller.state()["events"]) == 1


def test_an_unknown_setting_is_an_error() -> None:
    """A misspelt switch must not pass silently."""
    with pytest.raises(ValueError, match="event_lags"):
        Caller().configure(event_lags=1)
