"""The records of a store that a thin body names, and how a translator takes them."""

from collections.abc import Generator
from typing import NamedTuple, TypeVar

from commerce_sync.intake.bodies import shaped
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.rejections import refuse

R = TypeVar("R")


class Behind(NamedTuple):
    """What a thin body is about: a kind of record and the id of one."""

    kind: str
    record_id: str


Questions = Generator[Behind, object | None, None]
"""What is asked of a store about one thin body: each answer is known before the next question."""


def record_behind(delivery: Delivery, kind: str, shape: type[R], path: str = "data.id") -> R:
    """The record that was fetched for a delivery; ``path`` is where its body names it.

    :raises RejectedError: nobody asked the store, or the store knows none.
    """
    if delivery.hydrated is None:
        raise refuse("not_asked", path, f"the store's own record: {kind}")
    if kind not in delivery.hydrated:
        raise refuse("record_unknown", path, f"a record that is still there: {kind}")
    return shaped(shape, delivery.hydrated[kind], kind)


def shaped_if_any(delivery: Delivery, kind: str, shape: type[R]) -> R | None:
    """The same where a body can do without: None where nobody asked, or nothing is known."""
    return shaped(shape, delivery.hydrated[kind], kind) if delivery.hydrated and kind in delivery.hydrated else None
