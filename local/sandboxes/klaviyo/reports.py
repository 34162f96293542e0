"""Values and series reports: checked like the vendor's, answered with whatever a test has planted.

The control ``reports`` plants results: a report's type and its list of groupings with statistics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import rendering
from local.sandboxes.klaviyo.documents import Node, document, need, within
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.paging import allow
from local.sandboxes.klaviyo.rates import REPORT
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

KEYS = (
    "today",
    "yesterday",
    *(f"{which}_{unit}" for unit in ("week", "month", "year") for which in ("this", "last")),
    *(f"last_{days}_days" for days in (7, 30, 90, 365)),
    *(f"last_{months}_months" for months in (3, 12)),
)
INTERVALS = ("hourly", "daily", "weekly", "monthly")
LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Report:
    """What a kind of report requires: groups that must be named when any is, and a conversion metric."""

    groups: tuple[str, ...] = ()
    converts: bool = True
    series: bool = False

    @property
    def members(self) -> set[str]:
        """The attributes it may be asked with."""
        members = {"statistics", "timeframe", "filter"}
        members |= {"conversion_metric_id", "group_by"} if self.converts else set()
        return members | ({"interval"} if self.series else set())


REPORTS: Mapping[str, Report] = {
    "campaign-values-report": Report(("campaign_id", "campaign_message_id")),
    "flow-values-report": Report(("flow_id", "flow_message_id")),
    "flow-series-report": Report(("flow_id", "flow_message_id"), series=True),
    "segment-values-report": Report(converts=False),
    "segment-series-report": Report(converts=False, series=True),
}


class Reports:
    """Reports, two a minute and 225 a day each."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        state.control("reports", self.plant)

    def routes(self) -> list[Route]:
        """The operations."""
        return [Route("POST", f"/api/{kind}s", lambda kind=kind: self._answer(kind), REPORT) for kind in REPORTS]

    def plant(self, results: dict[str, list[dict[str, Any]]]) -> None:
        """Answer with these results until the account is reset."""
        self._state.reports.update(results)

    def _answer(self, kind: str) -> ResponseReturnValue:
        allow("page_cursor")
        node, report = document(), REPORTS[kind]
        attributes = need(node.resource(kind), "attributes", node)
        members = attributes.members(report.members, kind)
        for statistic in within(need(members, "statistics", attributes), 100, "statistics"):
            statistic.text()
        self._check_timeframe(need(members, "timeframe", attributes))
        if report.converts:
            self._check_metric(need(members, "conversion_metric_id", attributes))
        if report.series:
            need(members, "interval", attributes).one_of(INTERVALS)
        if "group_by" in members:
            _check_groups(members["group_by"], report)
        answer = rendering.resource(kind, self._state.new_id("", 26), {"results": self._state.reports.get(kind, [])})
        return jsonify({"data": answer, "links": {"self": answer["links"]["self"], "next": None, "prev": None}})

    def _check_timeframe(self, node: Node) -> None:
        members = node.members({"key", "start", "end"}, "timeframe")
        if set(members) == {"key"}:
            members["key"].one_of(KEYS)
        elif set(members) == {"start", "end"}:
            length = members["end"].moment() - members["start"].moment()
            if not timedelta(0) < length <= LONGEST:
                invalid("A timeframe must end after it starts and last at most 1 year.", node.pointer)
        else:
            invalid("A timeframe takes either 'key' or both 'start' and 'end'.", node.pointer)

    def _check_metric(self, node: Node) -> None:
        if node.text() not in {metric.id for metric in self._state.metrics.values()}:
            invalid(f"The metric '{node.value}' does not exist.", node.pointer)


def _check_groups(node: Node, report: Report) -> None:
    given = {item.text() for item in node.items()}
    for group in report.groups:
        if group not in given:
            invalid(f"'group_by' must include '{group}'.", node.pointer)
