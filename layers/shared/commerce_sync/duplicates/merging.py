"""Merges that a person asked for: one by one, each pair read again just before, each remembered as one person.

A repeat is harmless: a pair that has become one already is only remembered again. What we are about to do is noted
first, and the system's yes next, so that a merge whose process died is still told to identity. Nobody is told of what
is only likely: a record that is gone may have been erased, and then nothing may say any more whose it was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.survivors import why_not
from commerce_sync.errors import PermanentError, RetriableError


class Side(Protocol):
    """The system whose records are merged."""

    @property
    def shows_merges(self) -> bool:
        """Whether the id of a record that was merged shows what is left. Otherwise it is gone, as if erased."""

    def read(self, record: str) -> Entry | None:
        """A record as it is now, under the id that it has now; None where it is gone."""

    def merge(self, survivor: str, other: str) -> str | None:
        """Merge the other into the survivor, for good; returns the id of what is left; None where the other is gone."""


class Notes(Protocol):
    """What was begun and what was done."""

    def begun(self) -> Iterable[PlannedMerge]:
        """Merges that were begun, and neither finished nor dropped."""

    def is_accepted(self, merge: PlannedMerge) -> bool:
        """Whether the system said yes to it."""

    def is_done(self, merge: PlannedMerge) -> bool:
        """Whether it was carried out. Klaviyo goes on showing a merged profile for a while."""

    def begin(self, merge: PlannedMerge) -> None:
        """Note that it is about to happen."""

    def accept(self, merge: PlannedMerge) -> None:
        """Note that the system said yes."""

    def finish(self, merge: PlannedMerge) -> None:
        """Note that it happened, and was remembered."""

    def drop(self, merge: PlannedMerge) -> None:
        """Note that it did not happen, or that nobody can say."""


Remember = Callable[[Sequence[str]], None]
"""Tell identity that records are one person, the surviving one first."""


@dataclass(frozen=True)
class Merger:
    """Carries merges out in one system."""

    side: Side
    notes: Notes
    remember: Remember

    def apply(self, planned: Sequence[PlannedMerge], has_time: Callable[[], bool]) -> dict[str, Any]:
        """Merge; returns what was merged, what was refused and why, and how many are left, with the reason if any.

        Of merges that were begun before and never finished, those that happened are remembered first.
        """
        results: list[dict[str, str]] = []
        stopped = ""
        try:
            for merge in list(self.notes.begun()):
                self._settle(merge)
            for merge in planned:
                if not has_time():
                    stopped = "out of time"
                    break
                results.append({"survivor": merge.survivor, "other": merge.other, "result": self._one(merge)})
        except RetriableError as error:
            stopped = str(error)
        merged = [one for one in results if one["result"] in {"merged", "already_merged"}]
        refused = [one for one in results if one not in merged]
        left = len(planned) - len(results)
        told = {"merged": merged, "refused": refused, "left": left, "by_result": Counter(r["result"] for r in results)}
        return told | ({"stopped": stopped} if stopped else {})

    def _one(self, merge: PlannedMerge) -> str:
        if self.notes.is_done(merge):
            return "already_merged"
        survivor, other = self.side.read(merge.survivor), self.side.read(merge.other)
        if survivor is None or other is None:
            return "survivor_is_gone" if survivor is None else "other_is_gone"
        if survivor.record == other.record:
            return self._finish(merge, survivor.record, "already_merged")
        refusal = why_not(survivor, other)
        if refusal:
            return "shares_nothing_any_more" if refusal == "only_through_others" else refusal
        return self._merge(merge, survivor.record, other.record)

    def _merge(self, merge: PlannedMerge, survivor: str, other: str) -> str:
        self.notes.begin(merge)
        try:
            left = self.side.merge(survivor, other)
        except PermanentError as error:
            self.notes.drop(merge)
            return str(error)
        if left is None:
            self.notes.drop(merge)
            return "other_is_gone"
        self.notes.accept(merge)
        return self._finish(merge, left, "merged")

    def _settle(self, merge: PlannedMerge) -> None:
        """A merge that was begun: remembered where the system itself says that both are one, forgotten elsewhere.

        It says so by showing one record under both ids; where merged ids are gone, by having accepted our merge.
        """
        survivor, other = self.side.read(merge.survivor), self.side.read(merge.other)
        shown = survivor is not None and other is not None and other.record == survivor.record
        accepted = not self.side.shows_merges and self.notes.is_accepted(merge)
        if survivor is not None and (shown or accepted):
            self._finish(merge, survivor.record, "already_merged")
        else:
            self.notes.drop(merge)

    def _finish(self, merge: PlannedMerge, left: str, result: str) -> str:
        self.remember(tuple(dict.fromkeys((left, merge.survivor, merge.other))))
        self.notes.finish(merge)
        return result
