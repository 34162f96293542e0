"""Webhooks to us: signed arrays from one background thread, tried again until somebody says 2xx.

Signatures carry the real time, not the sandbox's clock: the receiver compares it with its own.
"""

import base64
import hashlib
import hmac
import json
import random
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

MOST_EVENTS = 100
PATIENCE = 5.0
DECODED = {f"%{ord(char):02X}": char for char in ":/?@!$'()*,;"}


def signature_v3(secret: str, method: str, uri: str, body: str, timestamp: str) -> str:
    """HubSpot's v3 signature: over method, URI, body and milliseconds, in base64."""
    for code, char in DECODED.items():
        uri = uri.replace(code, char).replace(code.lower(), char)
    signed = f"{method}{uri}{body}{timestamp}".encode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode("ascii")


@dataclass
class WebhookSettings:
    """Where webhooks go, and how badly. ``mischief`` spoils the next delivery only."""

    url: str = ""
    secret: str = ""
    attempts: int = 5
    retry_wait: float = 0.2
    duplicates: bool = False
    disorder: bool = False
    style: str = "contact"
    mischief: str = ""


class Webhooks:
    """The queue and its thread. It has a lock of its own and never takes the sandbox's."""

    def __init__(self) -> None:
        self.settings = WebhookSettings()
        self.lost = 0
        self._queue: deque[dict[str, Any]] = deque()
        self._in_flight = 0
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self._random = random.Random(0)  # noqa: S311 # disorder, not secrets

    @property
    def is_on(self) -> bool:
        """Whether anybody listens."""
        return bool(self.settings.url and self.settings.secret)

    def pending(self) -> int:
        """Events queued or being sent."""
        with self._wake:
            return len(self._queue) + self._in_flight

    def put(self, events: list[dict[str, Any]]) -> None:
        """Queue events, if anybody listens, and wake the thread."""
        if not self.is_on or self._closed.is_set():
            return
        with self._wake:
            self._queue.extend(events)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="hubspot-webhooks", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def clear(self) -> None:
        """Forget what is queued, and every setting."""
        with self._wake:
            self._queue.clear()
            self.settings, self.lost = WebhookSettings(), 0

    def close(self) -> None:
        """Stop the thread; what is queued is not sent."""
        self._closed.set()
        with self._wake:
            self._queue.clear()
            self._wake.notify_all()
        if self._thread:
            self._thread.join(timeout=PATIENCE + 1)

    def _run(self) -> None:
        while not self._closed.is_set():
            batch = self._take()
            if batch:
                self._deliver(batch)
            with self._wake:
                self._in_flight = 0

    def _take(self) -> list[dict[str, Any]]:
        with self._wake:
            self._wake.wait_for(lambda: self._queue or self._closed.is_set())
            batch = [self._queue.popleft() for _ in range(min(MOST_EVENTS, len(self._queue)))]
            self._in_flight = len(batch)
        if self.settings.disorder:
            self._random.shuffle(batch)
        return batch

    def _deliver(self, batch: list[dict[str, Any]]) -> None:
        settings = self.settings
        for attempt in range(settings.attempts):
            events = [{**event, "attemptNumber": attempt} for event in batch]
            if _post(settings, events):
                if settings.duplicates:
                    _post(settings, events)
                return
            if self._closed.wait(settings.retry_wait * 2**attempt):
                return
        with self._wake:
            self.lost += len(batch)


def _post(settings: WebhookSettings, events: list[dict[str, Any]]) -> bool:
    """One try; anything but 2xx within five seconds is a failure."""
    body = json.dumps(events, separators=(",", ":"), ensure_ascii=False)
    mischief, settings.mischief = settings.mischief, ""
    age = 600.0 if mischief == "old_timestamp" else 0.0
    headers = _headers(settings, body, time.time() - age, wrong=mischief == "wrong_signature")
    try:
        answer = requests.post(settings.url, body.encode(), headers=headers, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException:
        return False
    return 200 <= answer.status_code < 300  # noqa: PLR2004 # success


def _headers(settings: WebhookSettings, body: str, moment: float, *, wrong: bool) -> Mapping[str, str]:
    timestamp = str(int(moment * 1000))
    secret = settings.secret + "x" * wrong
    return {
        "Content-Type": "application/json",
        "X-HubSpot-Request-Timestamp": timestamp,
        "X-HubSpot-Signature-v3": signature_v3(secret, "POST", settings.url, body, timestamp),
    }
