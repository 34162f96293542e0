"""What every sandbox shares: one lock around its state, a log of every request, faults, a clock that can be set.

A vendor's app is a Flask blueprint over a state object. ``Sandbox`` wraps it: control routes under ``/_sandbox``
(never logged), then scripted faults, then the vendor's own rules.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from flask import Flask, Response, g, jsonify, request

SECRET_HEADERS = frozenset(
    {"authorization", "x-shopify-access-token", "x-auth-token", "x-recharge-access-token", "cookie"}
)


SECRET_FIELDS = frozenset({"secret", "secret_key"})
"""Of a webhook that is created: what it signs with."""


class Clock:
    """The time, which tests may move on without waiting."""

    def __init__(self) -> None:
        self._offset = 0.0

    def now(self) -> float:
        """Seconds since the epoch."""
        return time.time() + self._offset

    def moment(self) -> datetime:
        """The same, as an aware datetime."""
        return datetime.fromtimestamp(self.now(), UTC)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._offset += seconds


class VendorState(Protocol):
    """What a vendor remembers."""

    def snapshot(self) -> dict[str, Any]:
        """All of it, as JSON."""

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Change lags, plans and switches."""

    def reset(self) -> None:
        """Forget everything."""


@dataclass
class Fault:
    """A scripted misbehaviour for the next ``times`` requests that match.

    ``apply_first``: the write takes effect and then the fault answers. ``drop``: the request is answered with
    ``status`` (202 unless told otherwise) and quietly not applied.
    """

    method: str = "POST"
    path_prefix: str = "/"
    times: int = 1
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    delay_before: float = 0.0
    apply_first: bool = False
    drop: bool = False

    def matches(self, method: str, path: str) -> bool:
        """Whether it is this request's turn."""
        return self.times > 0 and self.method == method and path.startswith(self.path_prefix)

    def answer(self) -> Response:
        """What the sender sees."""
        body = "" if self.body is None else json.dumps(self.body)
        return Response(body, self.status, {"Content-Type": "application/json", **self.headers})


class RequestLog:
    """One JSON line a request, flushed at once, without secrets."""

    def __init__(self, path: Path | None) -> None:
        self._file = path.open("a", encoding="utf-8") if path else None
        self._lock = threading.Lock()

    def close(self) -> None:
        """No more lines."""
        if self._file:
            self._file.close()

    def write(self, vendor: str, status: int) -> None:
        """Log the current request."""
        if self._file is None:
            return
        line = {
            "time": datetime.now(UTC).isoformat(),
            "vendor": vendor,
            "method": request.method,
            "path": request.path,
            "query": request.query_string.decode("ascii", "replace"),
            "headers": {k: v for k, v in request.headers.items() if k.lower() not in SECRET_HEADERS},
            "body": _body(),
            "status": status,
        }
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()


class Sandbox:
    """One vendor: its app, its state, its faults, its clock. ``lock`` is held while a request is served."""

    def __init__(self, vendor: str, state: VendorState, log: RequestLog, clock: Clock) -> None:
        self.vendor = vendor
        self.state = state
        self.clock = clock
        self.faults: list[Fault] = []
        self.lock = threading.RLock()
        self._log = log
        self.app = Flask(f"{__name__}.{vendor}")
        self.app.json.sort_keys = False  # type: ignore[attr-defined] # the default provider has it
        self._add_control_routes()
        self.app.before_request(self._before)
        self.app.after_request(self._after)
        self.app.teardown_request(self._teardown)

    def _before(self) -> Response | None:
        if _is_control():
            return None
        fault = self._next_fault()
        if fault and fault.delay_before:
            time.sleep(fault.delay_before)
        self.lock.acquire()
        g.locked = True
        g.fault = fault
        if fault and not fault.apply_first:
            if fault.drop and fault.status == Fault.status:
                fault = Fault(status=202, headers=fault.headers, body=fault.body)
            return fault.answer()
        return None

    def _after(self, response: Response) -> Response:
        if _is_control():
            return response
        fault = getattr(g, "fault", None)
        if fault and fault.apply_first:
            response = fault.answer()
        self._log.write(self.vendor, response.status_code)
        return response

    def _teardown(self, _error: BaseException | None) -> None:
        if getattr(g, "locked", False):
            g.locked = False
            self.lock.release()

    def _next_fault(self) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.matches(request.method, request.path):
                    fault.times -= 1
                    return fault
        return None

    def _add_control_routes(self) -> None:
        routes: dict[str, tuple[str, Callable[[], Any]]] = {
            "state": ("GET", self.state.snapshot),
            "faults": ("POST", lambda: self.faults.append(Fault(**request.get_json()))),
            "settings": ("POST", lambda: self.state.configure(request.get_json())),
            "clock": ("POST", lambda: self.clock.advance(float(request.get_json()["advance"]))),
            "reset": ("POST", self._reset),
        }
        for name, (method, act) in routes.items():
            self.app.add_url_rule(f"/_sandbox/{name}", name, self._control(act), methods=[method])

    def _control(self, act: Callable[[], Any]) -> Callable[[], Response]:
        def answer() -> Response:
            with self.lock:
                return jsonify(act() or {})

        return answer

    def _reset(self) -> None:
        self.faults.clear()
        self.state.reset()


def _is_control() -> bool:
    return request.path.startswith("/_sandbox/")


def _body() -> Any:
    text = request.get_data(as_text=True)
    try:
        body = json.loads(text) if text else None
    except ValueError:
        return text
    return {k: v for k, v in body.items() if k not in SECRET_FIELDS} if isinstance(body, dict) else body
