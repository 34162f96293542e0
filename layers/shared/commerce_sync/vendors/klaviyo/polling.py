"""What Klaviyo tells of consent without webhooks: profiles that changed, suppressions, events of native metrics.

All pages are asked by a cursor, None for the first; what is read since a moment goes on by time (``in_order``). There
is no filter on SMS consent and none on the time an event was ingested: SMS withdrawals are found by their metric, and
late events by an overlap that the caller reads again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.in_order import InOrder, by_change, read
from commerce_sync.vendors.klaviyo.reading import Page, page, pages, quoted, resources
from commerce_sync.vendors.klaviyo.subscriptions import WITH_SUBSCRIPTIONS, subscription_of

EVENT_PAGE = "200"
SUPPRESSED = "subscriptions.email.marketing.suppression.timestamp"
PROFILES = "/api/profiles"


@dataclass(frozen=True, slots=True)
class MetricEvent:
    """One event of a metric and whose it is; addresses are those of the profile now, empty where it has none."""

    event_id: str
    occurred_at: datetime
    profile_id: str
    email: str
    phone: str
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MailingList:
    """A list of Klaviyo's; ``opt_in_process`` is ``single_opt_in`` or ``double_opt_in``."""

    list_id: str
    name: str
    opt_in_process: str


class KlaviyoPolling:
    """Reads. A page may be read again at any time."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def profiles(self, cursor: str | None) -> Page:
        """A hundred of all profiles in the order of their ids, subscriptions included."""
        return page(self._http, PROFILES, {"sort": "id", **WITH_SUBSCRIPTIONS}, cursor)

    def profiles_updated_since(self, moment: datetime, cursor: str | None) -> Page:
        """A hundred profiles that changed after a moment, the first change first, subscriptions included.

        Whether a change of consent alone counts as an update is unverified: so metrics and suppressions are read too.
        """
        return read(by_change(WITH_SUBSCRIPTIONS), self._http, moment, cursor)

    def suppressed_since(self, moment: datetime, cursor: str | None) -> Page:
        """A hundred profiles that were suppressed at a moment or after it: no metric tells of those done by hand."""
        return read(_by_suppression(), self._http, moment, cursor)

    def events(self, metric_id: str, since: datetime, cursor: str | None) -> tuple[list[MetricEvent], str | None]:
        """Two hundred events of a metric at a moment or after it, the first one first, each with its profile."""
        answer, following = _of_metric(metric_id).page(self._http, since, cursor)
        found, _ = resources(answer)
        included = (answer.json or {}).get("included") or []
        people = {str(one["id"]): one.get("attributes") or {} for one in included if one.get("type") == "profile"}
        return [_event(resource, people) for resource in found], following

    def metrics(self) -> dict[tuple[str, str], str]:
        """Ids of all metrics by name and integration: two of one name are two metrics."""
        found = {}
        for metric in pages(self._http, "/api/metrics", {}):
            attributes = metric["attributes"]
            found[str(attributes["name"]), str((attributes.get("integration") or {}).get("name") or "")] = metric["id"]
        return found

    def lists(self) -> list[MailingList]:
        """All lists; Klaviyo shows ten a page."""
        return [
            MailingList(
                str(one["id"]), str(one["attributes"]["name"]), str(one["attributes"].get("opt_in_process") or "")
            )
            for one in pages(self._http, "/api/lists", {})
        ]


def _suppressed(profile: Mapping[str, Any], since: datetime) -> datetime | None:
    """Of several suppressions nobody says which one sorts: the first of those that were asked for."""
    times = (at for _, at in subscription_of(profile, "email").suppressions)
    return min((at for at in times if at and at >= since), default=None)


def _occurred(event: Mapping[str, Any], _since: datetime) -> datetime | None:
    return datetime.fromtimestamp(int(event["attributes"]["timestamp"]), UTC)


def _by_suppression() -> InOrder:
    return InOrder(PROFILES, WITH_SUBSCRIPTIONS, SUPPRESSED, "greater-or-equal", _suppressed, step=timedelta(seconds=0))


def _of_metric(metric_id: str) -> InOrder:
    """Events sort by their times alone; of more than a page in one second a link leads to the rest."""
    params = {"include": "profile", "page[size]": EVENT_PAGE}
    one_metric = f"equals(metric_id,{quoted(metric_id)}),"
    return InOrder(
        "/api/events",
        params,
        "datetime",
        "greater-or-equal",
        _occurred,
        step=timedelta(seconds=0),
        also=one_metric,
        has_ids=False,
    )


def _event(resource: Mapping[str, Any], people: Mapping[str, Mapping[str, Any]]) -> MetricEvent:
    attributes = resource["attributes"]
    related = ((resource.get("relationships") or {}).get("profile") or {}).get("data") or {}
    profile_id = str(related.get("id") or "")
    person = people.get(profile_id, {})
    return MetricEvent(
        event_id=str(resource["id"]),
        occurred_at=datetime.fromtimestamp(int(attributes["timestamp"]), UTC),
        profile_id=profile_id,
        email=str(person.get("email") or ""),
        phone=str(person.get("phone_number") or ""),
        properties=attributes.get("event_properties") or {},
    )
