"""Which records a correction voids: by their ids, or by source and time of receipt; only what a system did.

A ledger is larger than an invocation: the search can be put down and taken up. What was found stands in documents of
its own, a few hundred addresses each, because a document is limited in size.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.operating.consent_needs import Document, Documents, MayGoOn

LARGEST_PART = 1500
"""Record ids of one document: about a hundred kilobytes."""
NOT_THEIRS = "{} of the named records are a person's own act, or no act at all, which no correction voids"
NOT_THERE = "{} of the named records are not in the ledger"
NOTHING = "no record of that source was received in that window that a correction may void"


class Records(Protocol):
    """Every record of the ledger."""

    def pages(self, cursor: str = "", source: str | None = None) -> Iterator[tuple[list[ConsentRecord], str]]:
        """Pages, each with the cursor after it; an empty one after the last. Records of one address stand together."""


class Selecting:
    """One search. ``document`` is the proposal that it began for, or went on with."""

    @staticmethod
    def nothing_yet() -> dict[str, Any]:
        """What a proposal knows before anything was looked up."""
        return {"cursor": "", "parts": 0, "open": [], "would_void": {}, "addresses": 0, "left_alone": 0}

    def __init__(
        self,
        document: dict[str, Any],
        records: Records,
        may_be_voided: Callable[[ConsentRecord], bool],
        documents: Documents,
    ) -> None:
        self._document = document
        self._records = records
        self._may_be_voided = may_be_voided
        self._documents = documents
        self._selection = document["selection"]
        self._named = frozenset(self._selection.get("voids", ()))
        self._open: list[list[Any]] = [list(one) for one in document["open"]]

    def go_on(self, may_go_on: MayGoOn) -> Document:
        """Look further. The proposal as it now stands: still collecting, proposed, or refused with a reason."""
        document = self._document
        for page, cursor in self._records.pages(document["cursor"], self._selection.get("source")):
            for record in page:
                self._take(record)
            document["cursor"] = cursor
            self._put_parts(keep_last=True)
            if cursor and not may_go_on():
                document["open"] = self._open
                return document
        self._put_parts(keep_last=False)
        document["open"] = []
        return self._judged()

    def _take(self, record: ConsentRecord) -> None:
        if not self._is_chosen(record):
            return
        if not self._may_be_voided(record):
            self._document["left_alone"] += 1
            return
        counts = self._document["would_void"]
        counts[record.action] = counts.get(record.action, 0) + 1
        if not (self._open and self._open[-1][0] == record.address_key):
            self._open.append([record.address_key, []])
            self._document["addresses"] += 1
        self._open[-1][1].append(record.record_id)

    def _is_chosen(self, record: ConsentRecord) -> bool:
        if self._named:
            return record.record_id in self._named
        since, until = (datetime.fromisoformat(self._selection[name]) for name in ("since", "until"))
        return record.source == self._selection["source"] and since <= record.received_at < until

    def _put_parts(self, *, keep_last: bool) -> None:
        """Write down what was found, but for the last address while more of it may come."""
        while self._open and (not keep_last or sum(len(ids) for _, ids in self._open[:-1]) >= LARGEST_PART):
            count, end = 0, 0
            limit = len(self._open) - keep_last
            while end < limit and (count == 0 or count + len(self._open[end][1]) <= LARGEST_PART):
                count += len(self._open[end][1])
                end += 1
            part, self._open = self._open[:end], self._open[end:]
            name = part_name(self._document["correction"], self._document["parts"])
            self._documents.change(name, lambda _, part=part: {"voids": part})  # type: ignore[misc] # bound at once
            self._document["parts"] += 1

    def _judged(self) -> Document:
        document = self._document
        void = sum(document["would_void"].values())
        missing = len(self._named) - void - document["left_alone"]
        reason = None
        if self._named and document["left_alone"]:
            reason = NOT_THEIRS.format(document["left_alone"])
        elif self._named and missing:
            reason = NOT_THERE.format(missing)
        elif not void:
            reason = NOTHING
        if reason is None:
            return {**document, "state": "proposed"}
        return {**document, "state": "refused", "reason": reason}


def prefix_of(correction: str) -> str:
    """The name of a proposal's document."""
    return f"correction#{correction}"


def part_name(correction: str, part: int) -> str:
    """The name of a document with some of what a correction voids."""
    return f"{prefix_of(correction)}#{part:04d}"
