"""Rows since a moment in the order of their times, so that none is lost whatever Klaviyo's links to a next page mean.

Nobody says what a link means. Behind a value, it passes over rows that share it; at a position, it passes over as many
as went, or changed and moved behind, while pages were read. So the next page is asked by the time that the last one
came to, as a first page, which has no such questions. Only where a page holds no more than that one time do links lead
on: then by id, which no two rows share, and which no change moves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from commerce_sync.vendors.http import Answer, VendorHttp
from commerce_sync.vendors.klaviyo.reading import Page, asked, instant, moment_of, resources

SINCE: Final = "since "
"""Begins a cursor that is no link of Klaviyo's: the time follows."""
BY_ID: Final = "id "
Row = Mapping[str, Any]


@dataclass(frozen=True)
class InOrder:
    """A list of Klaviyo's, filtered and sorted by ``field``; ``also`` are filters beside, each with its comma.

    ``time_of`` is a row's time at the earliest, given the moment since which it was asked for; None where it has none.
    ``step`` is what the next page goes back behind the last row: nothing where ``compare`` includes equal times, and
    more than Klaviyo may cut off a time that it shows where it does not. ``has_ids``: the list can be sorted by id.
    """

    path: str
    params: Mapping[str, str]
    field: str
    compare: str
    time_of: Callable[[Row, datetime], datetime | None]
    step: timedelta
    also: str = ""
    has_ids: bool = True

    def page(self, http: VendorHttp, moment: datetime, cursor: str | None) -> tuple[Answer, str | None]:
        """The answer with the first rows since a moment, or those that a cursor leads to, and the next cursor."""
        if cursor is not None and cursor.startswith(BY_ID):
            return _linked(self._asked(http, _told(cursor, BY_ID), "id"))
        if cursor is not None and not cursor.startswith(SINCE):
            return _linked(asked(http, self.path, {}, cursor))
        since = moment if cursor is None else _told(cursor, SINCE)
        answer = self._asked(http, since, self.field)
        rows, following = resources(answer)
        if following is None:
            return answer, None
        reached = self._reached(rows, since)
        if reached is not None and reached - self.step > since:
            return answer, f"{SINCE}{(reached - self.step).isoformat()}"
        return answer, f"{BY_ID}{since.isoformat()}" if self.has_ids else following

    def _asked(self, http: VendorHttp, since: datetime, sort: str) -> Answer:
        wanted = f"{self.also}{self.compare}({self.field},{instant(since)})"
        return asked(http, self.path, {"filter": wanted, "sort": sort, **self.params}, None)

    def _reached(self, rows: Sequence[Row], since: datetime) -> datetime | None:
        """The time of the last row; None where one has none, or where they are in another order."""
        times = [at for row in rows if (at := self.time_of(row, since)) is not None]
        return times[-1] if times and len(times) == len(rows) and times == sorted(times) else None


def by_change(params: Mapping[str, str]) -> InOrder:
    """Profiles by the time of their last change."""
    return InOrder(
        "/api/profiles", params, "updated", "greater-than", lambda row, _: updated_at(row), step=timedelta(seconds=1)
    )


def updated_at(profile: Row) -> datetime | None:
    """When a profile was changed last."""
    return moment_of((profile.get("attributes") or {}).get("updated"))


def read(rows: InOrder, http: VendorHttp, moment: datetime, cursor: str | None) -> Page:
    """A page of them, and the next cursor."""
    answer, following = rows.page(http, moment, cursor)
    return resources(answer)[0], following


def _linked(answer: Answer) -> tuple[Answer, str | None]:
    return answer, resources(answer)[1]


def _told(cursor: str, begins: str) -> datetime:
    return datetime.fromisoformat(cursor.removeprefix(begins))
