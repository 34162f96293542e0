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


def record_behind(delivery: Delivery, kind: str, shape: type[R]) -> R:
    """The record that was fetched for a delivery.

    :raises RejectedError: nobody asked the store, or the store knows none.
    """
    if delivery.hydrated is None:
        raise refuse("not_asked", "data.id", f"a {kind} of the store")
    if kind not in delivery.hydrated:
        raise refuse("record_unknown", "data.id", f"a {kind} that is still there")
    return shaped(shape, delivery.hydrated[kind], kind)
