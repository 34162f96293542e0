"""When things happened: WooCommerce writes each time twice, and neither says its offset.

``date_created_gmt`` is UTC without a Z; ``date_created`` is the shop's own time and is read in the configured time zone
only where the other is absent. None, empty text and the zeros of old databases mean that it never happened.
"""

from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from commerce_sync.contracts import Store
from commerce_sync.intake.fields import utc
from commerce_sync.intake.rejections import refuse

_NEVER: Final = "0000-00-00"
_EXPECTED: Final = "a time like 2026-11-01T09:30:00"


def moment(record: Struct, name: str, store: Store) -> datetime | None:
    """The moment that a record gives under ``{name}_gmt``, else under ``name`` in the store's time zone; in UTC.

    :raises RejectedError: it is no time.
    """
    said = _said(getattr(record, f"{name}_gmt"), f"{name}_gmt")
    if said:
        return _read(said, UTC, f"{name}_gmt")
    said = _said(getattr(record, name, None), name)
    return _read(said, _zone(store.time_zone), name) if said else None


def required_moment(record: Struct, name: str, store: Store) -> datetime:
    """The same, of a time that every such record has.

    :raises RejectedError: it is no time, or absent.
    """
    at = moment(record, name, store)
    if at is None:
        raise refuse("missing_field", f"{name}_gmt", _EXPECTED)
    return at


def last_change(record: Struct, store: Store) -> datetime:
    """When a record was last changed; one that never was, when it was made."""
    return moment(record, "date_modified", store) or required_moment(record, "date_created", store)


def _said(value: object, path: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise refuse("bad_time", path, _EXPECTED)
    said = value.strip()
    return said if said and not said.startswith(_NEVER) else None


def _read(said: str, zone: tzinfo, path: str) -> datetime:
    try:
        at = datetime.fromisoformat(said)
    except ValueError as error:
        raise refuse("bad_time", path, _EXPECTED) from error
    return utc(at.replace(tzinfo=zone) if at.tzinfo is None else at, path)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
