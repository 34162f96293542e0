"""A request as it is first written down: its name, whom it names, and by when it should be answered."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from commerce_sync.contracts.identity import PrivacyRequest
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Work

NEEDS_AN_OPERATOR = "an uninstall by mistake must not erase a shop: confirm it"


def case_ids(keys: Iterable[str]) -> tuple[str, ...]:
    """Names of a request from the keyed hashes of its id: the sender's own id may hold a customer's number."""
    return tuple(key.replace("#", "-") for key in keys)


def opened(
    request: PrivacyRequest, named: tuple[Identifier, ...], case_id: str, now: datetime, days: float
) -> PrivacyCase:
    """A new case about whom the request names. The erasure of a shop starts parked.

    It was made when its sender says, and not later than it came: clocks of others may be ahead.
    """
    store = f"{request.source}:{request.store}"
    requested_at = min(request.requested_at, now)
    return PrivacyCase(
        case_id=case_id,
        kind=request.kind,
        source=request.source,
        store=request.store,
        requested_at=requested_at,
        received_at=now,
        deadline=requested_at + timedelta(days=days),
        state="parked" if request.kind == "erase_store" else "open",
        reason=NEEDS_AN_OPERATOR if request.kind == "erase_store" else None,
        work=Work(named=named, orders=tuple(f"{store}:{order}" for order in request.orders)),
    )


def done_before(case: PrivacyCase, about: tuple[str, ...], reason: str, now: datetime) -> PrivacyCase:
    """The case closed as it is opened: what it asks for was done before."""
    closed = {"state": "done", "about": about, "reason": reason, "work": None, "finished_at": now}
    return case.model_copy(update=closed)


def case_for(
    request: PrivacyRequest,
    names: Iterable[str],
    find: Callable[[str], PrivacyCase | None],
    open_new: Callable[[str], PrivacyCase],
) -> PrivacyCase:
    """The case of a request: the one that is there, or a new one.

    The same request again finds its case, closed or not. One that was made after its case was closed, or after the
    instant up to which an open one erases, is another request about the same person (who came back since, and asks
    again), and gets a case of its own.
    """
    names = list(names)
    latest = next((case for name in names if (case := find(name))), None)
    if latest is None:
        return open_new(names[0])
    again = f"{names[0]}-{request.requested_at:%Y%m%dT%H%M%S}"
    if request.requested_at <= latest.received_at or not (until := _answered_until(latest)):
        return latest
    return latest if request.requested_at <= until else find(again) or open_new(again)


def _answered_until(case: PrivacyCase) -> datetime | None:
    """Up to when a case answers; None where it is open and has fixed no instant yet."""
    if case.is_closed:
        return case.finished_at
    return case.work.marked_at if case.work else None
