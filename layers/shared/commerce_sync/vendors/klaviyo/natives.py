"""Klaviyo's metrics of other people's making, when each was last heard of, and what of the account hangs on them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from commerce_sync.contracts.natives import Native
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.reading import instant, moment_of, page, pages, quoted

NOT_APPS: Final = frozenset({"API", "Klaviyo", ""})
"""What we send ourselves has the integration ``API``; message metrics have Klaviyo's own."""
Row = Mapping[str, Any]


class KlaviyoNatives:
    """Reads. Metrics are told apart by name and integration: two of one name are two metrics."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def found(
        self, wanted: Callable[[str, str], bool], now: datetime, known: Iterable[Native] = ()
    ) -> tuple[Native, ...]:
        """The metrics of apps that are wanted (by app and name), each with its last event before now.

        One walk over all metrics, and one event of each that is wanted. One that is ``known`` and still wanted goes by
        the name under which it was found, though somebody may have renamed it since.
        """
        before = {one.id: (one.app, one.name) for one in known if wanted(one.app, one.name)}
        metrics = {str(one["id"]): _named(one) for one in pages(self._http, "/api/metrics", {})}
        renamed = {key: before[key] for key, named in metrics.items() if key in before and not wanted(*named)}
        own = {key: named for key, named in metrics.items() if named[0] not in NOT_APPS and wanted(*named)}
        return tuple(
            Native(app=app, name=name, id=key, last=self._last(key, now))
            for key, (app, name) in (own | renamed).items()
        )

    def _last(self, metric_id: str, now: datetime) -> datetime | None:
        """When the newest event of a metric happened. What is dated in the future says nothing of now.

        :raises RetriableError: there is one, and no time can be read of it: it is not known whether the app is alive.
        """
        params = {
            "filter": f"equals(metric_id,{quoted(metric_id)}),less-or-equal(datetime,{instant(now)})",
            "sort": "-datetime",
            "page[size]": "1",
        }
        found, _ = page(self._http, "/api/events", params, None)
        last = moment_of((found[0].get("attributes") or {}).get("datetime")) if found else None
        if found and last is None:
            raise RetriableError("klaviyo showed an event without its time")
        return last

    def events(self, metric_id: str, since: datetime, until: datetime) -> Iterator[Row]:
        """Every event of a metric that happened from a moment up to another, the first one first."""
        between = f"greater-or-equal(datetime,{instant(since)}),less-than(datetime,{instant(until)})"
        params = {
            "filter": f"equals(metric_id,{quoted(metric_id)}),{between}",
            "sort": "datetime",
            "page[size]": "200",
        }
        yield from pages(self._http, "/api/events", params)

    def flows(self, metric_ids: Iterable[str], may_go_on: Callable[[], bool]) -> Iterator[Row]:
        """The flows that these metrics trigger, or that ask about them anywhere, archived ones left out.

        A flow by list leaves out whoever has bought since, too: so each is read, and only the single read of a flow
        shows its definition. Sixty a minute are allowed: live ones are read first, and of those for which no time is
        left ``metrics`` is None.
        """
        metrics = set(metric_ids)
        flows = [one for one in pages(self._http, "/api/flows", {"page[size]": "50"}) if not _is_archived(one)]
        for flow in sorted(flows, key=_liveliness):
            if not may_go_on():
                named = {name: flow["attributes"].get(name) for name in ("name", "status")}
                yield {"id": flow["id"], **named, "metrics": None}
                continue
            path, params = f"/api/flows/{flow['id']}", {"additional-fields[flow]": "definition"}
            attributes = self._http.call("GET", path, params=params).json["data"]["attributes"]
            if hangs := sorted(metrics & set(_ids(attributes.get("definition")))):
                yield {"id": flow["id"], "name": attributes["name"], "status": attributes["status"], "metrics": hangs}

    def segments(self, metric_ids: Iterable[str]) -> Iterator[Row]:
        """The segments whose conditions name one of these metrics; Klaviyo shows ten a page."""
        metrics = set(metric_ids)
        for segment in pages(self._http, "/api/segments", {}):
            attributes = segment["attributes"]
            if hangs := sorted(metrics & set(_ids(attributes.get("definition")))):
                yield {"id": segment["id"], "name": attributes["name"], "metrics": hangs}

    def mapped(self, metric_ids: Iterable[str]) -> Iterator[Row]:
        """The account's mapped metrics (``revenue``, ``started_checkout``, ...) that are one of these."""
        metrics = set(metric_ids)
        for mapping in pages(self._http, "/api/mapped-metrics", {}):
            related = ((mapping.get("relationships") or {}).get("metric") or {}).get("data") or {}
            if related.get("id") in metrics:
                yield {"id": mapping["id"], "metrics": [related["id"]]}


def _is_archived(flow: Row) -> bool:
    return bool(flow["attributes"].get("archived"))


def _liveliness(flow: Row) -> int:
    """Live flows come first, drafts last."""
    return {"live": 0, "draft": 2}.get(flow["attributes"].get("status"), 1)


def _named(metric: Row) -> tuple[str, str]:
    """A metric's app and name; empty where it says none."""
    attributes = metric.get("attributes") or {}
    app = attributes.get("integration")
    return str((app.get("name") if isinstance(app, dict) else "") or ""), str(attributes.get("name") or "")


def _ids(definition: Any) -> Iterator[str]:
    """Every metric that a definition names, however deep: conditions by ``metric_id``, triggers by type and id."""
    if isinstance(definition, list):
        for one in definition:
            yield from _ids(one)
    elif isinstance(definition, dict):
        if isinstance(named := definition.get("metric_id"), str):
            yield named
        if definition.get("type") == "metric" and isinstance(trigger := definition.get("id"), str):
            yield trigger
        for value in definition.values():
            yield from _ids(value)
