"""Which archived deliveries traces lead to, and which of those go with their person."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.privacy.needs import Places

ARCHIVED, ORDERED, DELIVERIES = "archive#", "order#", "archive/"
EPOCH = datetime.fromtimestamp(0, UTC)


def arrived(key: str) -> datetime:
    """When an archived delivery arrived, as its key says (``.../YYYY/MM/DD/HHMMSSffffff-id``); others always have."""
    if not key.startswith(DELIVERIES):
        return EPOCH
    *_, year, month, day, name = key.split("/")
    return datetime.strptime(f"{year}{month}{day}{name[:12]}+0000", "%Y%m%d%H%M%S%f%z")


def deliveries_of(identifiers: Iterable[Identifier], places: Places) -> set[str]:
    """The archived deliveries and exports that traces of these identifiers lead to."""
    traces = places.traces.of(identifiers)
    return {trace.removeprefix(ARCHIVED) for trace in traces if trace.startswith(ARCHIVED)}


def deliveries_to_erase(
    identifiers: Iterable[Identifier], back: Collection[Identifier], at: datetime, places: Places
) -> set[str]:
    """What arrived until the mark; of identifiers that no store has met since, also what came later.

    Later there is the echo of our own deletions, the request sent once more, somebody's edit in HubSpot: nothing of a
    new acquaintance.
    """
    identifiers = list(identifiers)
    new = deliveries_of((one for one in identifiers if one in back), places)
    kept = {key for key in new if arrived(key) > at}
    return deliveries_of(identifiers, places) - kept
