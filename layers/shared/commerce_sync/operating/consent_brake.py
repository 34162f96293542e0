"""``brake``: what no person did and what changes too many addresses at once waits here for a person (R11)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from commerce_sync.contracts.consent_book import ConsentPromise
from commerce_sync.operating.arguments import Arguments, flag, words
from commerce_sync.operating.consent_needs import Documents, Ledger, MayGoOn, Rows
from commerce_sync.operating.consent_releasing import released

LOOKED_AT = 200
"""Rows of which the cause is read: each is a look into the ledger."""
OPEN_FOR = timedelta(hours=1)
HISTORY = 50
NO_DISCARDING = (
    "braked rows cannot be discarded: they say what the ledger says. Void the records that caused them by a "
    'correction ({"command": "correct"}): what is then as it was before needs no telling'
)


@dataclass(frozen=True)
class BrakeCommands:
    """The command. ``limit`` is how many addresses may change in an hour, ``counter`` names the count of an hour."""

    ledger: Ledger
    rows: Rows
    documents: Documents
    limit: Callable[[], int]
    counter: Callable[[datetime], str]
    document: str
    now: Callable[[], datetime]

    def brake(self, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
        """Show the count, the limit and what is held up; ``{"release": true, "by", "why"}`` lets it through.

        Whoever releases also opens the brake for an hour: what is still to come of the same change goes through.
        """
        if "discard" in arguments:
            raise ValueError(NO_DISCARDING)
        return self._release(arguments, may_go_on) if flag(arguments, "release") else self._show()

    def _show(self) -> dict[str, Any]:
        now = self.now()
        document, _ = self.documents.read(self.document)
        open_until = str(document.get("open_until", ""))
        first = list(islice(self.rows.waiting("braked"), LOOKED_AT))
        causes = Counter((row.row, self._cause(row), "takes back" if row.urgent else "gives") for row in first)
        return {
            "changes_this_hour": self.documents.counted(self.counter(now)),
            "limit": self.limit(),
            "open_until": open_until if open_until > now.isoformat() else None,
            "braked": self.rows.count("braked"),
            "looked_at": len(first),
            "causes": [
                {"destination": destination, "cause": cause, "direction": direction, "rows": number}
                for (destination, cause, direction), number in causes.most_common()
            ],
            "history": document.get("history", []),
        }

    def _cause(self, row: ConsentPromise) -> str:
        """The source of the record that the row was promised with."""
        records = self.ledger.open(row.subject).records
        return records[row.seq - 1].source if 0 < row.seq <= len(records) else "unknown"

    def _release(self, arguments: Arguments, may_go_on: MayGoOn) -> dict[str, Any]:
        now = self.now()
        entry = {"at": now.isoformat(), "by": words(arguments, "by"), "why": words(arguments, "why")}
        until = (now + OPEN_FOR).isoformat()
        self.documents.change(
            self.document,
            lambda known: {**known, "open_until": until, "history": [*known.get("history", []), entry][-HISTORY:]},
        )
        done = released(self.rows, self.rows.waiting("braked"), now, may_go_on)
        return {**done.told(), "left": self.rows.count("braked"), "open_until": until}
