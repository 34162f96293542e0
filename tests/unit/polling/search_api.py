"""HubSpot's search API as a model, by HubSpot's documents alone: no line of it is shared with the client or a sandbox.

It shows what its index holds, which is behind the records; no archived ones; at most 10,000 rows of a query, by pages
of ``after`` or of whatever its filters say; body of at most 3,000 characters; five calls a second are not modelled. It
knows every operator that a poller might use, so that a wrong poller works and loses rows, instead of failing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.http import Answer

from tests.unit.polling.search_models import World

LARGEST_PAGE, MOST_RESULTS, LONGEST_BODY = 200, 10_000, 3_000
MOST_GROUPS, MOST_IN_GROUP = 5, 6
NAMES = {"lastmodifieddate", "hs_lastmodifieddate", "hs_object_id", "hubspot_owner_id"}


@dataclass(slots=True)
class Row:
    """A record: its versions (modified at, shown from, owner), in milliseconds of its clock, the oldest first."""

    versions: list[tuple[int, int, str]] = field(default_factory=list)
    gone: bool = False


@dataclass
class SearchApi:
    """An account. ``skew`` is how far its clock is ahead of the poller's. ``between`` acts are done after each call."""

    world: World
    lag: timedelta = timedelta(seconds=60)
    skew: timedelta = timedelta(0)
    rows: dict[int, Row] = field(default_factory=dict)
    ties: dict[int, list[int]] = field(default_factory=dict)
    tie_page: int = 2
    between: list[Callable[[], object]] = field(default_factory=list)
    failures: int = 0
    calls: int = 0

    def change(self, row: int, late: float = 1.0, *, owner: str = "", ahead: timedelta = timedelta(0)) -> None:
        """A record is made or changed now; the index shows that by a share of its lag later. ``ahead``: its time lies
        in the future.
        """
        at = self._clock() + int(ahead.total_seconds() * 1000)
        shown = self._clock() + int(late * self.lag.total_seconds() * 1000)
        self.rows.setdefault(row, Row()).versions.append((at, shown, owner))

    def bulk(self, rows: Sequence[int], late: float = 1.0) -> None:
        """A bulk job stamps them all with one time."""
        at = self._clock()
        shown = at + int(late * self.lag.total_seconds() * 1000)
        for row in rows:
            self.rows.setdefault(row, Row()).versions.append((at, shown, ""))

    def archive(self, row: int) -> None:
        """A record goes into the archive: no search shows it."""
        if row in self.rows:
            self.rows[row].gone = True

    def wanted(self) -> set[tuple[int, int]]:
        """Every record that is there, and when it was last changed."""
        return {(row, one.versions[-1][0]) for row, one in self.rows.items() if not one.gone}

    def call(self, method: str, path: str, body: Any = None, params: Any = None) -> Answer:
        """Either of the two calls that a poller makes."""
        assert method == "POST"
        assert params is None
        self.world.step()
        self.calls += 1
        if self.failures:
            self.failures -= 1
            raise RetriableError("hubspot 429")
        if len(json.dumps(body)) > LONGEST_BODY:
            raise PermanentError("400: the body is too long")
        answer = Answer(200, self._search(body) if path.endswith("/search") else self._tied(body))
        acts, self.between = self.between, []
        for act in acts:
            act()
        return answer

    def _search(self, body: Mapping[str, Any]) -> dict[str, Any]:
        groups, size, after = body["filterGroups"], body.get("limit", 10), int(body.get("after") or 0)
        if size > LARGEST_PAGE or after + size > MOST_RESULTS or len(groups) > MOST_GROUPS:
            raise PermanentError("400: past the limits of a search")
        if any(len(group["filters"]) > MOST_IN_GROUP for group in groups):
            raise PermanentError("400: too many filters")
        wanted = [[_holds(one) for one in group["filters"]] for group in groups]
        found = [one for one in self._shown() if any(all(holds(*one) for holds in group) for group in wanted)]
        (sort,) = body["sorts"]
        found.sort(key=lambda one: (one[1] if "modified" in sort else 0, one[0]))
        page = found[after : after + size]
        more = {"paging": {"next": {"after": str(after + size)}}} if after + size < len(found) else {}
        return {"total": len(found), "results": [_record(row, at) for row, at, _ in page], **more}

    def _shown(self) -> Iterator[tuple[int, int, str]]:
        """What the index holds: of each record the last version that has come to it."""
        now = self._clock()
        for row, one in self.rows.items():
            known = next((version for version in reversed(one.versions) if version[1] <= now), None)
            if known and not one.gone:
                yield row, known[0], known[2]

    def _tied(self, body: Mapping[str, Any]) -> dict[str, Any]:
        results = []
        for one in body["inputs"]:
            rest = [contact for contact in self.ties.get(int(one["id"]), []) if contact > int(one.get("after", 0))]
            page = rest[: self.tie_page]
            more = {"paging": {"next": {"after": str(page[-1])}}} if len(rest) > len(page) else {}
            if page:
                results.append({"from": {"id": one["id"]}, "to": [{"toObjectId": n} for n in page], **more})
        return {"status": "COMPLETE", "results": results}

    def _clock(self) -> int:
        return int((self.world.at + self.skew).timestamp() * 1000)


def _holds(one: Mapping[str, str]) -> Callable[[int, int, str], bool]:
    """Whether a filter holds of a record's id, time and owner."""
    name, operator, value = one["propertyName"], one["operator"], one["value"]
    assert name in NAMES
    if name == "hubspot_owner_id":
        return lambda _row, _at, owner: operator == "EQ" and owner == value
    low, high, is_id = int(value), int(one.get("highValue", 0)), name == "hs_object_id"
    compare: Mapping[str, Callable[[int], bool]] = {
        "GT": lambda held: held > low,
        "GTE": lambda held: held >= low,
        "LTE": lambda held: held <= low,
        "BETWEEN": lambda held: low <= held <= high,
    }
    fits = compare[operator]
    return lambda row, at, _owner: fits(row if is_id else at)


def _record(row: int, at: int) -> dict[str, Any]:
    return {"id": str(row), "properties": {"lastmodifieddate": str(at), "hs_lastmodifieddate": str(at)}}
