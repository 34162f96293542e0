"""Faults of AWS at chosen calls, by botocore's own events."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from types import SimpleNamespace
from typing import Any

from commerce_sync.aws.clients import client

SERVICES = ("dynamodb", "kms", "s3")


class DiedError(Exception):
    """The process is gone."""


@contextmanager
def dying_at(boundary: int, operations: frozenset[str]) -> Iterator[list[str]]:
    """Die at the n-th boundary, counted from 1: before each of these calls, and after it. Yields those passed."""
    passed: list[str] = []

    def pass_by(event_name: str, **_: Any) -> None:
        when, _service, operation = event_name.split(".")
        if operation in operations:
            passed.append(f"{when} {operation}")
            if len(passed) == boundary:
                raise DiedError

    with _listening({"before-call": pass_by, "after-call": pass_by}):
        yield passed


@contextmanager
def answering(operation: str, *answers: dict[str, Any] | None) -> Iterator[None]:
    """Answer the next calls of an operation with these errors instead; None lets one through."""
    left = list(answers)

    def answer(event_name: str, **_: Any) -> tuple[Any, dict[str, Any]] | None:
        if event_name.endswith(f".{operation}") and left and (error := left.pop(0)):
            return SimpleNamespace(status_code=400), {"ResponseMetadata": {"HTTPStatusCode": 400}, **error}
        return None

    with _listening({"before-call": answer}):
        yield


@contextmanager
def one_call_at_a_time() -> Iterator[None]:
    """For threads: tables in process are not safe within one call. Between calls everything may happen."""
    lock = Lock()

    def begin(**_: Any) -> None:
        lock.acquire()

    def end(**_: Any) -> None:
        lock.release()

    with _listening({"before-call": begin, "after-call": end, "after-call-error": end}):
        yield


def cancelled(*codes: str) -> dict[str, Any]:
    """The answer to a transaction that was cancelled for these reasons."""
    error = {"Code": "TransactionCanceledException", "Message": "cancelled"}
    return {"Error": error, "CancellationReasons": [{"Code": code} for code in codes]}


@contextmanager
def _listening(handlers: dict[str, Callable[..., Any]]) -> Iterator[None]:
    places = [
        (client(service).meta.events, f"{when}.{service}", one)
        for service in SERVICES
        for when, one in handlers.items()
    ]
    for events, name, one in places:
        events.register(name, one)
    try:
        yield
    finally:
        for events, name, one in places:
            events.unregister(name, one)
