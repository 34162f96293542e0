"""``setup``: which of Klaviyo's metrics are not there yet. A metric is made by its first event, and by nothing else.

Flows and segments can only be built on a metric that exists. Two of one name, or of one meaning, confuse whoever builds
on them, and an app's that wakes up would count revenue twice: where any app's is there already, none is made here, and
ours comes with the first event that is delivered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

OURS: Final = "API"
"""What Klaviyo calls the integration of events that are sent by API."""


class FirstEvents(Protocol):
    """Makes metrics."""

    def send(self, metric: str) -> None:
        """Send the one event that a metric begins with. Repeating it changes nothing."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """Metrics of the events that we deliver, by name: there, missing, or some app's (with its name)."""

    there: tuple[str, ...]
    missing: tuple[str, ...]
    of_apps: Mapping[str, str]

    def told(self) -> dict[str, Any]:
        """What is said of them."""
        said = {"there": list(self.there), "missing": list(self.missing), "of_apps": dict(self.of_apps)}
        return {name: one for name, one in said.items() if one}


def metrics_of(
    delivered: Mapping[str, Iterable[str]], known: Iterable[tuple[str, str]], *, not_apps: frozenset[str]
) -> Metrics:
    """What there is of the metrics of events that we deliver.

    ``delivered`` are ours by name, each with what apps call the same; ``known`` the account's, by name and integration.
    """
    apps = {name: app for name, app in known if app not in not_apps}
    ours = {name for name, app in known if app == OURS}
    of_apps = {
        metric: app
        for metric, names in delivered.items()
        if metric not in ours and (app := next((apps[one] for one in (metric, *names) if one in apps), None))
    }
    there = tuple(metric for metric in delivered if metric in ours)
    missing = tuple(metric for metric in delivered if metric not in ours and metric not in of_apps)
    return Metrics(there, missing, of_apps)
