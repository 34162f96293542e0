"""Calls a sandbox in this process as a client would, under a clock that only moves when told to."""

from datetime import UTC, datetime
from typing import Any

from werkzeug.test import TestResponse

from local.sandboxes.base import Clock, RequestLog
from local.sandboxes.klaviyo import klaviyo_sandbox
from local.sandboxes.klaviyo.routes import API_KEY, REVISION

HEADERS = {
    "Authorization": f"Klaviyo-API-Key {API_KEY}",
    "revision": REVISION,
    "Content-Type": "application/vnd.api+json",
}
START = datetime(2026, 11, 1, 12, tzinfo=UTC)


class StoppedClock(Clock):
    """A clock at ``START``, moved on by ``advance`` alone."""

    def now(self) -> float:
        """The start and whatever time was let pass."""
        return START.timestamp() + self._offset


class Caller:
    """An empty account, and the calls one makes to it."""

    def __init__(self, **settings: Any) -> None:
        self.clock = StoppedClock()
        self.sandbox = klaviyo_sandbox(RequestLog(None), self.clock)
        self.configure(**{"rate_limits": False, **settings})
        self._client = self.sandbox.app.test_client()

    def configure(self, **settings: Any) -> None:
        """Set switches."""
        self.sandbox.state.configure(settings)

    def state(self) -> dict[str, Any]:
        """The account's snapshot."""
        return self.sandbox.state.snapshot()

    def call(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> TestResponse:
        """One request with Klaviyo's headers; a header given as an empty text is left out."""
        wanted = {name: value for name, value in (HEADERS | (headers or {})).items() if value}
        return self._client.open(path, method=method, json=body, headers=wanted)

    def post(self, path: str, kind: str, attributes: dict[str, Any], **more: Any) -> TestResponse:
        """Post a resource."""
        return self.call("POST", path, {"data": {"type": kind, "attributes": attributes, **more}})

    def upsert(self, **attributes: Any) -> TestResponse:
        """Upsert a profile."""
        return self.post("/api/profile-import", "profile", attributes)

    def send(self, **attributes: Any) -> TestResponse:
        """Send one event; ``event`` fills in what is left out."""
        return self.post("/api/events", "event", event(**attributes) | {"profile": profile(attributes)})

    def send_many(self, *events: dict[str, Any], **group: Any) -> TestResponse:
        """Send a bulk job, one profile group an event."""
        groups = [
            {
                "type": "event-bulk-create",
                "attributes": {
                    "profile": profile(attributes),
                    "events": {"data": [{"type": "event", "attributes": event(**attributes)}]},
                    **group,
                },
            }
            for attributes in events
        ]
        attributes = {"events-bulk-create": {"data": groups}}
        return self.post("/api/event-bulk-create-jobs", "event-bulk-create-job", attributes)


def event(name: str = "Placed Order", email: str = "", **attributes: Any) -> dict[str, Any]:
    """An event's attributes without its profile; ``email`` is ``profile``'s to read."""
    del email
    metric = {"data": {"type": "metric", "attributes": {"name": name}}}
    return {"properties": {}, "metric": metric, **attributes}


def profile(attributes: dict[str, Any]) -> dict[str, Any]:
    """The profile of an event, by its email address."""
    email = attributes.get("email", "ana@example.com")
    return {"data": {"type": "profile", "attributes": {"email": email}}}


def error(response: TestResponse) -> dict[str, Any]:
    """The one error of a refusal."""
    errors: list[dict[str, Any]] = response.get_json(force=True)["errors"]
    return errors[0]


def data(response: TestResponse) -> Any:
    """The ``data`` of an answer."""
    return response.get_json(force=True)["data"]
