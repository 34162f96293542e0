"""``duplicates`` and ``merge_duplicates``: what the last audit found, and merges that a person asks for.

A merge cannot be taken back in either vendor, so nothing is merged unless it was asked for by flag, with a maximum,
and the destination is live; for Klaviyo the word ``irreversible`` has to be given as well.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

from commerce_sync.contracts.duplicates import PlannedMerge

SYSTEMS = ("hubspot", "klaviyo")
MOST_MERGES = 100
SHOWN = 20


class Reports(Protocol):
    """Where audits leave what they found."""

    def latest(self, system: str) -> Mapping[str, Any] | None:
        """The figures of a system's last audit; ``report`` is the key of the whole."""

    def groups(self, key: str) -> Iterable[Mapping[str, Any]]:
        """The groups of a report, those that are one person first."""


Plan = Callable[[Iterable[Mapping[str, Any]], int, str | None], Sequence[PlannedMerge]]
"""At most so many merges of some groups, of one group or of all."""
Apply = Callable[[str, Sequence[PlannedMerge]], dict[str, Any]]
"""Carry merges out in a system; says what was merged, what was refused, and how many are left."""


def show(reports: Reports, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The last audit of one system or of both: figures, and the first groups (``groups``, 20 unless told).

    :raises ValueError: there is no such system.
    """
    shown = int(arguments.get("groups", SHOWN))
    systems = [_system(arguments["system"])] if "system" in arguments else SYSTEMS
    return {system: _shown(reports, system, shown) for system in systems}


def merge(
    arguments: Mapping[str, Any], *, reports: Reports, modes: Mapping[str, str], plan: Plan, apply: Apply
) -> dict[str, Any]:
    """Plan merges from the last audit; with ``{"apply": true}`` carry them out.

    :raises ValueError: there is no report, the maximum is not between 1 and 100, or what was asked for may not be
        done: the destination is not live, or Klaviyo was not called irreversible.
    """
    system, maximum = _system(arguments["system"]), _maximum(arguments["maximum"])
    latest = reports.latest(system)
    if latest is None:
        raise ValueError(f"there is no report of {system}: the audit runs once a week")
    planned = plan(reports.groups(latest["report"]), maximum, arguments.get("group"))
    told = {"system": system, "run_id": latest["run_id"], "date": latest["date"]}
    if arguments.get("apply", False) is not True:
        return {**told, "would_merge": [one.model_dump() for one in planned]}
    if modes.get(system) != "live":
        raise ValueError(f"{system} is not live: nothing was merged")
    if system == "klaviyo" and arguments.get("irreversible", False) is not True:
        raise ValueError('a merge in Klaviyo cannot be taken back: say {"irreversible": true}')
    return {**told, **apply(system, planned)}


def _shown(reports: Reports, system: str, groups: int) -> dict[str, Any]:
    latest = reports.latest(system)
    if latest is None:
        return {"report": None}
    return {**latest, "groups": list(islice(reports.groups(latest["report"]), groups))}


def _system(value: Any) -> str:
    if value not in SYSTEMS:
        raise ValueError(f"unknown system; one of {', '.join(SYSTEMS)}")
    return str(value)


def _maximum(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_MERGES:
        raise ValueError(f"maximum is a whole number from 1 to {MOST_MERGES}")
    return value
