"""``replay``: archived deliveries through the door again. A dry run unless told otherwise; ids make it harmless."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

LIMIT = 10_000


def replay(keys: Iterable[str], send: Callable[[str], bool], *, dry_run: bool, limit: int = LIMIT) -> dict[str, Any]:
    """Send deliveries by their archive keys; returns how many, how many are gone, and whether there are more.

    ``send`` says whether the delivery was still there: one that expired holds up no other.
    """
    chosen = list(islice(keys, limit + 1))
    more, chosen = len(chosen) > limit, chosen[:limit]
    if dry_run:
        return {"would_replay": len(chosen), "more": more}
    sent = sum(send(key) for key in chosen)
    return {"replayed": sent, "gone": len(chosen) - sent, "more": more}


def arrived_between(keys: Iterable[str], since: datetime, until: datetime) -> Iterator[str]:
    """Keys whose deliveries arrived in the half-open window. The key says when: ``.../YYYY/MM/DD/HHMMSSffffff-id``."""
    for key in keys:
        *_, year, month, day, name = key.split("/")
        arrived = datetime.strptime(f"{year}{month}{day}{name[:12]}+0000", "%Y%m%d%H%M%S%f%z")
        if since <= arrived < until:
            yield key


def quarantined_by_key(items: Iterable[Mapping[str, Any]], code: str) -> dict[str, list[Mapping[str, Any]]]:
    """Quarantined items by the delivery they are about, of one reason or of all (``*``)."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        if code in ("*", item["code"]):
            found.setdefault(str(item["archive_key"]), []).append(item)
    return found
