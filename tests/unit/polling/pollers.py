"""The shipped source of contacts in front of a model, and the careless ones that a test must catch."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from commerce_sync.composing.hints import Hint
from commerce_sync.composing.polling_hubspot import LAG
from commerce_sync.composing.polling_records import ContactSource
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.polling.cursors import Rule, Window
from commerce_sync.polling.walking import Source, walk
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.searching import HubSpotSearch, changed_since

from tests.unit.polling.search_api import SearchApi
from tests.unit.polling.search_models import KilledError, World

OVERLAP = timedelta(minutes=10)
PAGE = 3
Told = list[tuple[int, int]]


def contacts(api: SearchApi, told: Told, *, page: int = PAGE, overlap: timedelta = OVERLAP) -> Source:
    """The shipped source of contacts. What it tells is kept one by one, and may be killed in between."""
    search = HubSpotSearch(cast("HubSpot", api), page)

    def tell(hints: Sequence[Hint]) -> None:
        for one in hints:
            api.world.step()
            told.append((int(one.contact_id), int(one.at.timestamp() * 1000)))
        api.world.step()

    return ContactSource("records", Rule(overlap, lag=LAG), search, lambda at: changed_since("contacts", at), tell)


def run(world: World, source: Source, pages: int = 50, killed_at: int = -1) -> bool:
    """One run of so many pages; whether it came to its window's end."""
    world.steps_left = killed_at
    left = iter(range(pages))
    try:
        return walk(source, world, world.now, lambda: next(left, None) is not None).ended == "done"
    except (KilledError, RetriableError, PermanentError):
        return False
    finally:
        world.steps_left = -1


def without_overlap(api: SearchApi, told: Told) -> Source:
    """Windows meet, and what the clocks differ by lies between them."""
    return contacts(api, told, overlap=timedelta(0))


def without_lag(api: SearchApi, told: Told) -> Source:
    """What the index does not show yet is taken for nothing, and nothing of it is read again."""
    return _changed(contacts(api, told, overlap=timedelta(0)), rule=Rule(timedelta(0), lag=timedelta(0)))


def by_latest_seen(api: SearchApi, told: Told) -> Source:
    """The cursor follows the latest time that was seen, into the future."""
    source: Any = contacts(api, told)
    plain = source.rule.moved

    class Ahead(Rule):
        def moved(self, cursor: Any, sightings: Any, page: Any) -> Any:

            after = plain(cursor, sightings, page)
            return (
                replace(after, through=max([after.through, *(one.at for one in sightings)])) if page is None else after
            )

        def opened(self, cursor: Any, now: Any) -> Any:

            return cursor if cursor.window else replace(cursor, window=Window(cursor.through - self.overlap, now))

    return _changed(source, rule=Ahead(OVERLAP, lag=LAG))


class Searching:
    """A search that asks otherwise."""

    def __init__(self, api: SearchApi, *, sort: str, closed: bool = False, by_after: bool = False) -> None:
        self.api, self.sort, self.closed, self.by_after = api, sort, closed, by_after

    def behind(self, object_type: str, wanted: Any, last_id: str | None, properties: Any) -> Any:
        """As the shipped one, but for what it was made to do."""
        filters = [dict(wanted)]
        if self.closed:
            filters = [{**wanted, "operator": "BETWEEN", "highValue": str(int(self.api.world.at.timestamp() * 1000))}]
        place = int(last_id or 0)
        if self.by_after:
            asked = {"filterGroups": [{"filters": filters}], "after": str(place)}
        else:
            behind = [{"propertyName": "hs_object_id", "operator": "GT", "value": last_id}] if last_id else []
            asked = {"filterGroups": [{"filters": [*filters, *behind]}], "after": "0"}
        body = {**asked, "sorts": [self.sort], "properties": list(properties), "limit": PAGE}
        found = self.api.call("POST", f"/{object_type}/search", body).json["results"]
        if len(found) < PAGE:
            return found, None
        return found, str(place + PAGE) if self.by_after else found[-1]["id"]


def by_after(api: SearchApi, told: Told) -> Source:
    """Pages are counted, and what is archived or changed meanwhile moves others past an edge."""
    return _changed(contacts(api, told), search=Searching(api, sort="hs_object_id", by_after=True))


def by_time(api: SearchApi, told: Told) -> Source:
    """Sorted by time, and gone on with behind the last id."""
    return _changed(contacts(api, told), search=Searching(api, sort="lastmodifieddate"))


def closed_by_our_clock(api: SearchApi, told: Told) -> Source:
    """What is dated ahead waits for its time."""
    return _changed(contacts(api, told), search=Searching(api, sort="hs_object_id", closed=True))


def moved_before_it_is_kept(api: SearchApi, told: Told) -> Source:
    """What is told is told after the cursor has passed it: a kill in between loses it."""
    source: Any = contacts(api, told)
    held: list[Any] = []

    def late(hints: Sequence[Hint]) -> None:
        waiting = list(held)
        held[:] = hints
        source.tell(waiting)

    return _changed(source, tell=late)


def _changed(source: Any, **parts: Any) -> Source:

    return cast("Source", replace(source, **parts))
