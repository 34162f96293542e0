"""HubSpot's search, as a way to read everything that fits some filters: in the order of ids, behind the last one read.

Never by its own cursor ``after``, which ends at 10,000 rows, and never in the order of times: bulk jobs stamp more rows
than that with one time (airbytehq/airbyte 43317). An id never moves, so a row that changes or goes while pages are read
hides no other. The index lags, and shows no archived record.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.hubspot.client import HubSpot

CONTACTS: Final = "contacts"
PAGE: Final = 200
LONGEST_BODY: Final = 3000
"""Characters that HubSpot reads of a search."""
BY_ID: Final = ("hs_object_id",)
"""``sorts`` as the specification has it, a list of names; HubSpot's pages show objects. Unverified which it wants."""
Filter = Mapping[str, str]
Record = Mapping[str, Any]


def modified_name(object_type: str) -> str:
    """The property that holds when a record last changed: contacts have an older name for it."""
    return "lastmodifieddate" if object_type == CONTACTS else "hs_lastmodifieddate"


def changed_since(object_type: str, moment: datetime) -> Filter:
    """Records that changed at a moment or after it.

    There is no end: what is dated ahead of our clock is read now and not when its time comes.
    """
    return {
        "propertyName": modified_name(object_type),
        "operator": "GTE",
        "value": str(int(moment.timestamp() * 1000)),
    }


def equal_to(name: str, value: str) -> Filter:
    """Records whose property is exactly this."""
    return {"propertyName": name, "operator": "EQ", "value": value}


class HubSpotSearch:
    """Reads; a page may be read again at any time. ``page`` rows are asked for at once, at most 200."""

    def __init__(self, hubspot: HubSpot, page: int = PAGE) -> None:
        self._hubspot = hubspot
        self._page = page

    def behind(
        self, object_type: str, wanted: Filter, last_id: str | None, properties: Sequence[str] = ()
    ) -> tuple[list[Record], str | None]:
        """Records that fit a filter, of ids behind ``last_id``, and the id to go on behind, or None at the end.

        :raises RetriableError: the answer holds no page, so it is not HubSpot's.
        :raises PermanentError: HubSpot shows an id twice: it did not understand the filter, and there would be no end.
        """
        body = _body(wanted, last_id, properties, self._page)
        answer = self._hubspot.call("POST", f"/crm/objects/{{V}}/{object_type}/search", body)
        found = answer.json.get("results") if isinstance(answer.json, dict) else None
        if not isinstance(found, list):
            raise RetriableError("hubspot answered without a page")
        ids = [int(one["id"]) for one in found]
        if ids != sorted(ids) or (ids and last_id and ids[0] <= int(last_id)):
            raise PermanentError("hubspot: a search is not in the order of its ids")
        return found, str(ids[-1]) if len(ids) >= self._page else None


def fits(wanted: Filter, properties: Sequence[str]) -> bool:
    """Whether a search may ask for so many properties. Ids are as long as they can be."""
    longest = str(2**63)
    return len(json.dumps(_body(wanted, longest, properties, PAGE))) <= LONGEST_BODY


def _body(wanted: Filter, last_id: str | None, properties: Sequence[str], page: int) -> dict[str, Any]:
    behind = [{"propertyName": "hs_object_id", "operator": "GT", "value": last_id}] if last_id else []
    return {
        "filterGroups": [{"filters": [dict(wanted), *behind]}],
        "sorts": list(BY_ID),
        "properties": list(properties),
        "limit": page,
        "after": "0",
    }
