"""A system whose records are merged, its notes and its reports, in memory."""

from collections.abc import Iterable, Sequence
from typing import Any

from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.grouping import find_duplicates
from commerce_sync.duplicates.merging import Merger
from commerce_sync.duplicates.reporting import figures, listed

from tests.fakes.duplicates import entry

RUN = "20261122T031700Z"
ANA = entry("501", "email:a", "phone:p", created=1000)
COPY = entry("777", "phone:p", created=500)
MERGE = PlannedMerge(group="g", survivor="501", other="777")


class Account:
    """A system in memory. ``failures`` are raised by merges, one a call; ``lost`` ones after they happened.

    It shows merges, as HubSpot does; otherwise a merged id is as gone as an erased one, as Klaviyo's are.
    """

    def __init__(
        self, *entries: Entry, failures: Sequence[Exception] = (), lost: bool = False, shows_merges: bool = True
    ) -> None:
        self.shows_merges = shows_merges
        self.entries = {entry.record: entry for entry in entries}
        self.into: dict[str, str] = {}
        self.failures = list(failures)
        self.lost = lost

    def read(self, record: str) -> Entry | None:
        """A merged id shows the survivor, where the system does that."""
        return self.entries.get(self.into.get(record, record) if self.shows_merges else record)

    def merge(self, survivor: str, other: str) -> str | None:
        """Join two records."""
        if other not in self.entries:
            return None
        failure = self.failures.pop(0) if self.failures else None
        if failure and not self.lost:
            raise failure
        del self.entries[other]
        self.into[other] = survivor
        if failure:
            raise failure
        return survivor


class Notes:
    """Notes in memory."""

    def __init__(self, *begun: PlannedMerge, accepted: bool = False) -> None:
        self.state = dict.fromkeys(begun, "accepted" if accepted else "begun")

    def begun(self) -> Iterable[PlannedMerge]:
        """Those begun, accepted or not."""
        return [merge for merge, state in self.state.items() if state != "done"]

    def is_accepted(self, merge: PlannedMerge) -> bool:
        """Those accepted."""
        return self.state.get(merge) == "accepted"

    def is_done(self, merge: PlannedMerge) -> bool:
        """Those done."""
        return self.state.get(merge) == "done"

    def begin(self, merge: PlannedMerge) -> None:
        """Begun."""
        self.state[merge] = "begun"

    def accept(self, merge: PlannedMerge) -> None:
        """Accepted."""
        self.state[merge] = "accepted"

    def finish(self, merge: PlannedMerge) -> None:
        """Done."""
        self.state[merge] = "done"

    def drop(self, merge: PlannedMerge) -> None:
        """Forgotten."""
        self.state.pop(merge)


class Reports:
    """One report."""

    def __init__(self, told: dict[str, Any] | None) -> None:
        self.told = told

    def latest(self, system: str) -> dict[str, Any] | None:
        """Its figures."""
        if self.told is None or system != self.told["system"]:
            return None
        return {name: value for name, value in self.told.items() if name != "groups"} | {"report": "key"}

    def groups(self, key: str) -> Iterable[dict[str, Any]]:
        """Its groups."""
        assert self.told is not None
        assert key == "key"
        yield from self.told["groups"]


def apply(
    account: Account, notes: Notes, planned: Sequence[PlannedMerge] = (MERGE,)
) -> tuple[dict[str, Any], list[Any]]:
    """The outcome, and what identity was told."""
    remembered: list[Any] = []
    outcome = Merger(account, notes, remembered.append).apply(planned, lambda: True)
    return outcome, remembered


def reported(*entries: Entry, system: str = "hubspot") -> dict[str, Any]:
    """A report over these records."""
    findings = find_duplicates(lambda: entries)
    return {**figures(RUN, system, findings), "groups": list(listed(findings))}
