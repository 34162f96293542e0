"""``replay``: archived deliveries through the door again. A dry run unless told otherwise; ids make it harmless."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

LIMIT = 10_000


def replay(
    keys: Iterable[str], send: Callable[[Iterable[str]], None], *, dry_run: bool, limit: int = LIMIT
) -> dict[str, Any]:
    """Send deliveries by their archive keys; returns how many, and whether there are more."""
    chosen = list(islice(keys, limit + 1))
    more, chosen = len(chosen) > limit, chosen[:limit]
    if not dry_run:
        send(chosen)
    return {"would_replay" if dry_run else "replayed": len(chosen), "more": more}


def arrived_between(keys: Iterable[str], since: datetime, until: datetime) -> Iterator[str]:
    """Keys whose deliveries arrived in the half-open window. The key says when: ``.../YYYY/MM/DD/HHMMSSffffff-id``."""
    for key in keys:
        *_, year, month, day, name = key.split("/")
        arrived = datetime.strptime(f"{year}{month}{day}{name[:12]}+0000", "%Y%m%d%H%M%S%f%z")
        if since <= arrived < until:
            yield key


def quarantined_keys(items: Iterable[Mapping[str, Any]], code: str | None) -> Iterator[str]:
    """Keys of quarantined deliveries, of one reason or of all, each once."""
    yield from dict.fromkeys(str(item["archive_key"]) for item in items if code is None or item["code"] == code)
