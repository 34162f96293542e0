"""Tells destinations what they shall have of people: only what differs from what they have, in the fewest calls.

A write is noted before it is made and confirmed after it. A crash between the two leaves its fields in doubt, and
whoever tells the address next sends them again: values are idempotent, so nothing is lost and nothing is doubled. Two
workers that overtake each other both find out, and the fields are in doubt then too.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from commerce_sync.contracts.fields import FieldValues
from commerce_sync.contracts.told import Begun, Told, ToldAt, Underway, Wanted
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.profiles.destinations import BUSY, NOT_YET, OUT_OF_TIME, Book, Group, NotYetError, Place, Verdict
from commerce_sync.profiles.differences import begun, confirmed, is_overtaken, is_refused_still, news, refused

TOO_MUCH = "the values are more than can be kept of one address"
MOST_BYTES = 350_000
"""Of what is kept of an address, in an item that may have 400 kB."""


@dataclass
class Endings:
    """What became of addresses at one destination: who must wait and why, whose values were refused and why.

    ``mended`` has those whose values were refused before and are not any more. Nobody else needs anything.
    """

    waiting: dict[str, RetriableError] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    mended: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Telling:
    """One destination. ``once`` are the fields that it is told of only where it has no value yet."""

    destination: ToldAt
    book: Book
    place: Callable[[], Place]
    may_go_on: Callable[[], bool]
    once: AbstractSet[str] = frozenset()

    def tell(self, wanted: Mapping[str, Wanted], known: Mapping[str, Told]) -> Endings:
        """Tell it of some addresses, of which ``known`` was read before. The place is made only where there is news."""
        endings = Endings()
        differing = self._differing(wanted, known, endings)
        stopped: RetriableError | None = None
        left = dict.fromkeys(differing)
        try:
            was_refused = {email for email in differing if known[email].refused}
            groups = self.place().groups(differing, was_refused) if differing else ()
            for group in groups:
                stopped = stopped or (None if self.may_go_on() else PausedError(OUT_OF_TIME, retry_after=1.0))
                if stopped is not None:
                    break
                for email in group.emails:
                    left.pop(email)
                stopped = self._tell(group, differing, wanted, known, endings)
        except PermanentError as error:
            self._refuse(dict.fromkeys(left, error), endings)
            return endings
        except RetriableError as error:
            stopped = error
        endings.waiting |= dict.fromkeys(left, stopped or NotYetError(NOT_YET))
        return endings

    def _differing(
        self, wanted: Mapping[str, Wanted], known: Mapping[str, Told], endings: Endings
    ) -> dict[str, FieldValues]:
        differing: dict[str, FieldValues] = {}
        for email, one in wanted.items():
            told = known[email]
            found = news(one.values, told, self.once)
            if is_overtaken(told, one.versions):
                endings.waiting[email] = RetriableError(BUSY)
            elif is_refused_still(told, found) and not one.again:
                endings.refused[email] = told.refused
            elif found and _kept_bytes(told, found) > MOST_BYTES:
                self._refuse({email: PermanentError(TOO_MUCH)}, endings)
            elif found:
                differing[email] = found
        return differing

    def _tell(
        self,
        group: Group,
        differing: Mapping[str, FieldValues],
        wanted: Mapping[str, Wanted],
        known: Mapping[str, Told],
        endings: Endings,
    ) -> RetriableError | None:
        """One group; returns why everybody after it must wait, if they must."""
        notes: dict[str, Told] = {}
        writes: dict[str, Begun] = {}
        for email in group.emails:
            if not self.may_go_on():
                endings.waiting[email] = PausedError(OUT_OF_TIME, retry_after=1.0)
                continue
            note = begun(known[email], differing[email], wanted[email].versions, is_imported=group.is_import)
            key = self.book.key_of(self.destination, email)
            if self.book.begin(key, note):
                notes[email] = note
                was_refused = bool(known[email].refused)
                writes[email] = Begun(key, note.revision, differing[email], wanted[email].looks, was_refused)
            else:
                endings.waiting[email] = RetriableError(BUSY)
        try:
            verdicts = group.write(writes) if writes else {}
        except PermanentError as error:
            verdicts = dict.fromkeys(writes, error)
        except RetriableError as error:
            endings.waiting |= dict.fromkeys(writes, error)
            self._doubt_overtaken(notes, dict.fromkeys(writes, error))
            return error
        for email, write in writes.items():
            ended = replace(notes[email], imports=known[email].imports)  # by no import of this group
            self._end(email, write, ended, verdicts.get(email, NotYetError(NOT_YET)), endings)
        self._doubt_overtaken(notes, verdicts)
        return next((one for one in verdicts.values() if isinstance(one, PausedError)), None)

    def _doubt_overtaken(self, notes: Mapping[str, Told], verdicts: Mapping[str, Verdict]) -> None:
        """A write without an answer may arrive after one that began later and was confirmed."""
        unsure = [email for email in notes if _is_unanswered(verdicts.get(email))]
        now = self.book.told(self.destination, unsure) if unsure else {}
        for email, told in now.items():
            if told.revision > notes[email].revision:
                self.book.doubt(self.book.key_of(self.destination, email))

    def _end(self, email: str, write: Begun, note: Told, verdict: Verdict, endings: Endings) -> None:
        if isinstance(verdict, RetriableError):
            endings.waiting[email] = verdict
        elif isinstance(verdict, PermanentError):
            self.book.end(write.key, refused(note, self._words(verdict)))
            self._refuse({email: verdict}, endings)
        elif isinstance(verdict, Underway):
            endings.counts["ImportedProfiles"] += 1
        elif self.book.end(write.key, confirmed(note, write.values)):
            endings.counts["WrittenProfiles"] += 1
            endings.mended |= {email} if write.was_refused else set()
        else:
            endings.waiting[email] = RetriableError(BUSY)

    def _refuse(self, errors: Mapping[str, PermanentError], endings: Endings) -> None:
        endings.counts["RefusedProfiles"] += len(errors)
        endings.refused |= {email: self._words(error) for email, error in errors.items()}

    def _words(self, error: PermanentError) -> str:
        """The vendor's own, which name it."""
        text = str(error)
        vendor = self.destination.partition("_")[0]
        return text if text.startswith(vendor) else f"{vendor}: {text}"


def _kept_bytes(told: Told, found: FieldValues) -> int:
    """How much is kept of an address while these values are written."""
    return len(
        json.dumps([dict(told.values), {**told.pending, **found}], ensure_ascii=False).encode("utf-8", "replace")
    )


def _is_unanswered(verdict: Verdict) -> bool:
    """Whether a write may have been made, or may still be. Where a destination asks to wait, it was not."""
    return isinstance(verdict, RetriableError) and not isinstance(verdict, PausedError | NotYetError)
