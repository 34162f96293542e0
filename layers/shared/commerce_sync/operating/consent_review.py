"""``review``: what waits for a person, and what a person decided about it.

A HOLD, or a conflict of systems, has two ways out. ``out`` takes it for the opt-out that it may have been; ``release``
says that it was none, and the other records count again.

PENDING has no way in. A person at a desk has no proof of who holds an address, and R2 and R3 know no other: a staff
tick is weak evidence, which clears nothing. So nobody here can *confirm* for somebody else. What may be written down is
that she asked for no more (``out``, a withdrawal at the person's request) or that somebody looked and left it as it is
(``release``, a note: it stays pending until the person confirms, or an opt-out ends it).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from commerce_sync.contracts.consent import ConsentRecord, ConsentState
from commerce_sync.contracts.consent_book import Decide, RowStatus, Waiting, Waits
from commerce_sync.operating.arguments import Arguments, flag, one_of, whole_number, words
from commerce_sync.operating.consent_decisions import DECISIONS, Decision, decided
from commerce_sync.operating.consent_naming import Naming
from commerce_sync.operating.consent_needs import Ledger, Opened, Rows, States, Waiters
from commerce_sync.operating.consent_told import record_told, row_told
from commerce_sync.operating.masking import shown

FIRST: tuple[Waits, ...] = ("hold", "conflict")
LAST: tuple[Waits, ...] = ("pending",)
"""Listed after the others, which only a person here can end: the address's own holder may still confirm."""
KINDS = FIRST + LAST
CURSOR = re.compile(r"[01]\|[0-9T:.+-]+\|.+")
STUCK: tuple[RowStatus, ...] = ("parked", "braked")
SHOWN, MOST = 20, 100


@dataclass(frozen=True)
class ReviewCommands:
    """The command, over what it needs. ``decide`` is made anew for each record; ``record_id`` hashes its parts."""

    ledger: Ledger
    waiters: Waiters
    rows: Rows
    states: States
    sentence: Callable[[ConsentState, Sequence[ConsentRecord], str], str]
    decide: Callable[[], Decide]
    record_id: Callable[..., str]
    naming: Naming
    now: Callable[[], datetime]

    def review(self, arguments: Arguments) -> dict[str, Any]:
        """List what waits, the longest first; or decide one address (``decide``, ``by``, ``why``)."""
        if "decide" in arguments:
            return self._decide(arguments)
        if "address" in arguments or "key" in arguments:
            return self._of(self.naming.opened(arguments), plainly=flag(arguments, "show"))
        return self._list(arguments)

    def _list(self, arguments: Arguments) -> dict[str, Any]:
        most = whole_number(arguments, "limit", unless_said=SHOWN, most=MOST)
        plainly = flag(arguments, "show")
        kinds = [one for one in KINDS if one == arguments.get("waits", one)]
        cursor = str(arguments.get("cursor") or "")
        if not kinds or (cursor and not CURSOR.fullmatch(cursor)):
            raise ValueError(f"waits is one of {', '.join(KINDS)}; cursor is what the list before said")
        page = list(islice(self._after(cursor, kinds), most + 1))
        listed = page[:most]
        return {
            "waiting": {kind: self.waiters.count(kind) for kind in KINDS},
            "addresses": [
                {**self._of(self.ledger.open(one.address_key), plainly=plainly), "since": one.since.isoformat()}
                for one in listed
            ],
            "cursor": _cursor(listed[-1]) if len(page) > most else None,
            "rows": {status: self._rows(status, most, plainly=plainly) for status in STUCK},
        }

    def _after(self, cursor: str, kinds: Sequence[Waits]) -> Iterator[Waiting]:
        """Everybody who waits, in the order of the list, after a place in it."""
        for rank, some in enumerate((FIRST, LAST)):
            if cursor and int(cursor[0]) > rank:
                continue
            since = datetime.fromisoformat(cursor.split("|")[1]) if cursor.startswith(str(rank)) else None
            found = merge(*(self.waiters.waiting(kind, since) for kind in some if kind in kinds), key=_cursor)
            yield from (one for one in found if _cursor(one) > cursor)

    def _of(self, opened: Opened, *, plainly: bool) -> dict[str, Any]:
        """One address: why it waits, with the records that say so, and what each decision would make of it."""
        records = opened.records
        told: dict[str, Any] = {"key": opened.address_key, "address": shown(opened.address, plainly=plainly)}
        if not records:
            return {**told, "why": []}
        channel = records[0].channel
        states = self.states(channel, records)
        waiting = {purpose: one for purpose, one in states.items() if _waits(one)}
        return {
            **told,
            "channel": channel,
            "why": [
                {
                    "purpose": purpose,
                    "state": state.state,
                    "since": state.since.isoformat() if state.since else None,
                    "sentence": self.sentence(state, records, purpose),
                    "records": [
                        record_told(one, plainly=plainly) for one in records if one.record_id in state.record_ids
                    ],
                }
                for purpose, state in waiting.items()
            ],
            "decisions": {name: self._outcome(opened, states, name) for name in DECISIONS if waiting},
        }

    def _outcome(self, opened: Opened, states: Mapping[str, ConsentState], decision: str) -> dict[str, str]:
        """The states that a decision would lead to."""
        made = self._made(opened, states, decision, "-", "-")
        after = self.states(opened.records[0].channel, (*opened.records, *made))
        return {purpose: one.state for purpose, one in after.items()}

    def _made(
        self, opened: Opened, states: Mapping[str, ConsentState], decision: str, by: str, why: str
    ) -> list[ConsentRecord]:
        return decided(
            Decision(opened.address_key, decision, by, why, self.now()), opened.records, states, self.record_id
        )

    def _rows(self, status: RowStatus, most: int, *, plainly: bool) -> dict[str, Any]:
        first = islice(self.rows.waiting(status), most)
        return {
            "count": self.rows.count(status),
            "first": [
                {
                    "key": row.subject,
                    "address": shown(self.ledger.address_of(row.subject), plainly=plainly),
                    "since": row.created_at.isoformat(),
                    **row_told(row),
                }
                for row in first
            ],
        }

    def _decide(self, arguments: Arguments) -> dict[str, Any]:
        if arguments["decide"] in {"in", "confirm", "confirmed"}:
            raise ValueError("nobody can opt in, or confirm, for somebody else: only the person can, from the address")
        decision = one_of(arguments, "decide", DECISIONS)
        by, why = words(arguments, "by"), words(arguments, "why")
        opened = self.naming.opened(arguments)
        if opened.address is None:
            raise ValueError("that address was erased, or never known: there is nothing to decide")
        states = self.states(opened.address[0], opened.records)
        made = self._made(opened, states, decision, by, why)
        if not made:
            raise ValueError("nothing waits for a person there: review without arguments lists what does")
        written = [self.ledger.append(opened.address, one, self.decide()) for one in made]
        after = self.states(opened.address[0], written[-1].chain.records)
        return {
            "key": opened.address_key,
            "decided": decision,
            "records": [one.record_id for one in made],
            "new": sum(one.is_new for one in written),
            "states": {purpose: one.state for purpose, one in after.items()},
            "still_waits": any(_waits(one) for one in after.values()),
            "to_be_told": sorted({row.row for one in written for row in one.promises}),
        }


def _waits(state: ConsentState) -> bool:
    return state.state in {"hold", "pending"} or state.awaits_confirmation


def _cursor(one: Waiting) -> str:
    """A place in the list, as text that sorts as the list does."""
    return f"{int(one.why not in FIRST)}|{one.since.isoformat(timespec='microseconds')}|{one.address_key}"
