"""Sends webhooks from one background thread, in batches, later if asked to, and again until somebody says 2xx.

Delays are real seconds, and signatures carry the real time: the receiver looks at its own clock.
"""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests

PATIENCE = 5.0
Deliver = Callable[[Sequence[Any]], bool]


class Sender:
    """A queue and its thread. It has a lock of its own and never takes the sandbox's."""

    def __init__(self, name: str, deliver: Deliver, most: int) -> None:
        self.attempts = 5
        self.retry_wait = 0.2
        self.lost = 0
        self._name = name
        self._deliver = deliver
        self._most = most
        self._queue: list[tuple[float, Any]] = []
        self._in_flight = 0
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def pending(self) -> int:
        """Items that wait or are being sent."""
        with self._wake:
            return len(self._queue) + self._in_flight

    def put(self, items: Sequence[Any], delay: float = 0.0) -> None:
        """Queue items, to be sent once so many seconds have passed."""
        if self._closed.is_set():
            return
        with self._wake:
            self._queue.extend((time.monotonic() + delay, item) for item in items)
            self._queue.sort(key=lambda entry: entry[0])
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def clear(self) -> None:
        """Forget what is queued."""
        with self._wake:
            self._queue.clear()
            self.lost = 0

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
                self._send(batch)
            with self._wake:
                self._in_flight = 0

    def _take(self) -> list[Any]:
        with self._wake:
            while not self._closed.is_set():
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    break
                self._wake.wait(wait)
            now = time.monotonic()
            due = [item for at, item in self._queue if at <= now][: self._most]
            del self._queue[: len(due)]
            self._in_flight = len(due)
            return due

    def _send(self, batch: Sequence[Any]) -> None:
        for attempt in range(self.attempts):
            if self._deliver(batch):
                return
            if self._closed.wait(self.retry_wait * 2**attempt):
                return
        with self._wake:
            self.lost += len(batch)


def is_here(url: str) -> bool:
    """Whether an address is this machine's: sandboxes tell nobody else of anything."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def post(url: str, body: bytes, headers: dict[str, str]) -> bool:
    """One try; anything but 2xx within five seconds is a failure."""
    try:
        answer = requests.post(url, body, headers=headers, timeout=PATIENCE, allow_redirects=False)
    except requests.RequestException:
        return False
    return 200 <= answer.status_code < 300  # noqa: PLR2004 # success
