"""How a bulk import ends for each of its members: confirmed, refused, or looked at again. Nobody is named on the way.

What travels to the end of an import are the keys under which its members' values are kept, the revisions that began,
and the subjects to look at again. Looking at an import twice is harmless: who is settled already is passed over.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.contracts import Promise
from commerce_sync.contracts.told import Member, Told
from commerce_sync.contracts.waiting import delivered, due_again
from commerce_sync.errors import RefusedByVendorError
from commerce_sync.profiles.destinations import OUT_OF_TIME
from commerce_sync.profiles.differences import confirmed, refused
from commerce_sync.profiles.import_needs import Book, Imports, Refusal
from commerce_sync.profiles.klaviyo_fields import is_about_phone
from commerce_sync.profiles.looks import IMPORT, again, look_at, refusal

TOGETHER: Final = 100
UNNAMED: Final = "klaviyo did not say whom it did not import"
AGAIN_AFTER: Final = timedelta(minutes=5)
"""Klaviyo may cancel one import after the other: none follows at once."""
FIRST_WAIT: Final = 10.0
LONGEST_WAIT: Final = 300.0
LONGEST_IMPORT: Final = timedelta(hours=24)
UNANSWERED: Final = "klaviyo did not say whether it took an import"
LOST_AFTER: Final = timedelta(minutes=15)
"""Until then an import may begin of which nobody knows whether Klaviyo took it; then its members are told again."""


@dataclass
class Seen:
    """The promise after the look, the rows to write down before it is settled, and figures."""

    promise: Promise
    rows: list[Promise] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class ImportDesk:
    """``members`` gives those of an import, in the order of its rows; ``key_of`` an address's key."""

    book: Book
    imports: Callable[[], Imports]
    members: Callable[[str], Sequence[Member]]
    key_of: Callable[[str], str]
    now: datetime
    may_go_on: Callable[[], bool]

    def look(self, promise: Promise) -> Seen:
        """See how far an import is, and settle its members once it is over.

        :raises RetriableError: Klaviyo did not say.
        """
        if not self.may_go_on():
            return Seen(due_again(promise, self.now, OUT_OF_TIME))
        job_id, age = promise.wanted, self.now - promise.created_at
        if job_id is None:
            return self._unanswered(promise, age)
        job = self.imports().job(job_id)
        if job.is_lost or (not job.is_over and age > LONGEST_IMPORT):
            return self._tell_again(promise, self._doubt)
        if not job.is_over:
            wait = min(max(FIRST_WAIT, age.total_seconds() / 2), LONGEST_WAIT)
            return self._wait(promise, timedelta(seconds=wait))
        refusals = list(self.imports().errors(job_id)) if job.failed else []
        return self._settle(promise, refusals, all_are_named=len(refusals) >= job.failed)

    def _unanswered(self, promise: Promise, age: timedelta) -> Seen:
        """Nobody knows whether Klaviyo took it: its members are told again, and once more when it can take it no more.

        Until then it holds them: it may be taken up late, over what was told since, or after an erasure.
        """
        if age <= LOST_AFTER:
            return self._wait(promise, LOST_AFTER - age)
        if age >= LONGEST_IMPORT:
            seen = self._tell_again(promise, self._doubt)
            del seen.counts["LostImports"]
            return seen
        seen = self._tell_again(promise, self._suspect)
        if seen.promise.due_at is None:
            seen.promise = due_again(promise, promise.created_at + LONGEST_IMPORT, UNANSWERED)
        return seen

    def _wait(self, promise: Promise, wait: timedelta) -> Seen:
        return Seen(due_again(promise, self.now + wait, "klaviyo has not finished an import"))

    def _settle(self, promise: Promise, refusals: Sequence[Refusal], *, all_are_named: bool) -> Seen:
        members = self.members(promise.subject.removeprefix(IMPORT))
        keys = {member.key for member in members}
        errors: dict[str, RefusedByVendorError] = {}
        for one in refusals:
            key = self.key_of(one.email) if one.email else ""
            if key not in keys and one.position is not None and one.position < len(members):
                key = members[one.position].key
            if key in keys:
                errors[key] = one.error
            else:
                all_are_named = False

        def end(member: Member, told: Told, seen: Seen) -> None:
            if told.revision != member.revision:
                self._doubt(member, told, seen)
            elif member.key in errors:
                error = errors[member.key]
                self._refuse(member, told, str(error), seen, alone=is_about_phone(error))
                seen.counts["RefusedProfiles"] += 1
            elif all_are_named:
                self._confirm(member, told, seen)
            else:
                self._refuse(member, told, UNNAMED, seen, alone=True)

        return self._each(promise, members, end)

    def _each(self, promise: Promise, members: Sequence[Member], end: Callable[[Member, Told, Seen], None]) -> Seen:
        """What follows for each member that is still known; the rest is for the next look once time runs short."""
        seen = Seen(delivered(promise))
        for some in (members[start : start + TOGETHER] for start in range(0, len(members), TOGETHER)):
            if not self.may_go_on():
                seen.promise = due_again(promise, self.now, OUT_OF_TIME)
                return seen
            known = self.book.told_under([member.key for member in some])
            for member in some:
                if member.key in known:
                    end(member, known[member.key], seen)
        return seen

    def _refuse(self, member: Member, told: Told, words: str, seen: Seen, *, alone: bool) -> None:
        """One that Klaviyo did not import, or perhaps not: sent once more, ``alone``, or for a person to decide."""
        if told.refused == words or self.book.end(member.key, refused(told.without_import(member.revision), words)):
            seen.rows += [again(one, self.now) if alone else refusal(one, self.now, words) for one in member.looks]
        else:
            self._overtaken(member, seen)

    def _confirm(self, member: Member, told: Told, seen: Seen) -> None:
        """One that was imported; who is confirmed already is passed over."""
        if told.pending.keys() & set(member.names):
            sent = {name: told.pending[name] for name in member.names if name in told.pending}
            if self.book.end(member.key, confirmed(told.without_import(member.revision), sent)):
                seen.counts["WrittenProfiles"] += 1
            else:
                self._overtaken(member, seen)

    def _overtaken(self, member: Member, seen: Seen) -> None:
        """Somebody began a write while this was looked at."""
        self.book.doubt(member.key, over=member.revision)
        seen.rows += [look_at(one, self.now) for one in member.looks]

    def _doubt(self, member: Member, told: Told, seen: Seen) -> None:
        """A write that overtook the import may have been overwritten by it: nobody is sure. The import is over."""
        if _was_overtaken(member, told) or str(member.revision) in told.imports:
            self.book.doubt(member.key, over=member.revision)
        seen.rows += [look_at(one, self.now) for one in member.looks]

    def _suspect(self, member: Member, told: Told, seen: Seen) -> None:
        """The same while the import may still be taken up."""
        if _was_overtaken(member, told):
            self.book.doubt(member.key)
        seen.rows += [look_at(one, self.now) for one in member.looks]

    def _tell_again(self, promise: Promise, end: Callable[[Member, Told, Seen], None]) -> Seen:
        """Nobody knows what became of an import: its members are looked at again."""
        seen = self._each(promise, self.members(promise.subject.removeprefix(IMPORT)), end)
        seen.rows = [replace(row, due_at=self.now + AGAIN_AFTER) for row in seen.rows]
        seen.counts["LostImports"] += seen.promise.due_at is None
        return seen


def _was_overtaken(member: Member, told: Told) -> bool:
    """Whether somebody wrote since, and that is not in doubt already."""
    return told.revision > member.revision and not told.values.keys() <= told.pending.keys()
