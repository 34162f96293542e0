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
    """A new case about whom the request names. The erasure of a shop starts parked."""
    store = f"{request.source}:{request.store}"
    return PrivacyCase(
        case_id=case_id,
        kind=request.kind,
        source=request.source,
        store=request.store,
        requested_at=request.requested_at,
        received_at=now,
        deadline=request.requested_at + timedelta(days=days),
        state="parked" if request.kind == "erase_store" else "open",
        reason=NEEDS_AN_OPERATOR if request.kind == "erase_store" else None,
        work=Work(named=named, orders=tuple(f"{store}:{order}" for order in request.orders)),
    )


def case_for(
    request: PrivacyRequest,
    names: Iterable[str],
    find: Callable[[str], PrivacyCase | None],
    open_new: Callable[[str], PrivacyCase],
) -> PrivacyCase:
    """The case of a request: the one that is there, or a new one.

    The same request again finds its case, closed or not. One that was made after its case was closed is another
    request about the same person (who came back since, and asks again), and gets a case of its own.
    """
    names = list(names)
    latest = next((case for name in names if (case := find(name))), None)
    if latest is None:
        return open_new(names[0])
    if not latest.is_closed or latest.finished_at is None or request.requested_at <= latest.finished_at:
        return latest
    again = f"{names[0]}-{request.requested_at:%Y%m%dT%H%M%S}"
    return find(again) or open_new(again)
