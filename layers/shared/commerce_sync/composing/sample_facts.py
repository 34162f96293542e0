"""What is known of each field of one address at one destination, put side by side for its reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from commerce_sync.composing.telling import AN_ORDER
from commerce_sync.contracts import OPEN, Promise
from commerce_sync.contracts.advanced import Destination
from commerce_sync.contracts.fields import FieldLine, FieldValues, Known
from commerce_sync.contracts.samples import ComparedField
from commerce_sync.contracts.told import Told
from commerce_sync.profiles.at_hubspot import LIFECYCLE
from commerce_sync.profiles.looks import A_VALUE_ENDS, CONTACT, OBSERVED
from commerce_sync.profiles.mapping import MODIFIED
from commerce_sync.profiles.standing import Stands
from commerce_sync.profiles.transforms import moment
from commerce_sync.sampling.codes import Facts, Owner, code_of

SETTLED_AFTER: Final = timedelta(hours=1)
"""Webhooks take seconds, and polling minutes: what changed longer ago than this was heard of, or never will be."""
Finder = Callable[[FieldLine], Stands]
"""What stands in a field of one record."""
NOT_SHOWN: Final = "hubspot did not show it: the property, or the scope to read it, is missing"


@dataclass(frozen=True)
class Sight:
    """All that was read of one address at one destination.

    ``wanted`` is what sources say it shall have, ``before`` and ``after`` what it was known to have before and after
    all else was read. ``known`` is the contact as it was read (None: it was not), ``misread`` its sources whose texts
    are no values. ``finder`` finds a field there; None where nobody is. ``looks`` are promises by source, ``held`` why
    a source could not speak. ``may_move``: whether a lifecycle stage may become another.
    """

    email: str
    contact_id: str | None
    to: Destination
    is_live: bool
    now: datetime
    wanted: FieldValues
    before: Told
    after: Told
    finder: Finder | None
    known: Known | None = None
    misread: Sequence[str] = ()
    looks: Mapping[str, Sequence[Promise]] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    may_move: Callable[[str | None, str | None], bool] | None = None

    def compare(self, line: FieldLine) -> ComparedField:
        """One field, with its reason."""
        stands = self.finder(line) if self.finder else Stands(None)
        facts = self._facts(line, stands)
        code = code_of(facts)
        return ComparedField(
            email=self.email,
            contact_id=self.contact_id,
            destination=self.to,
            field=line.key,
            code=code,
            owner=(self.known or {}).get(line.source) if source_of(line) == CONTACT else facts.made,
            made=facts.made,
            told=facts.told,
            there=stands.value,
            words=self._words(line, code),
        )

    def _facts(self, line: FieldLine, stands: Stands) -> Facts:
        made = self.wanted.get(line.key)
        return Facts(
            owner=self._owner(line),
            made=made,
            told=self.before.values.get(line.key),
            was_told=line.key in self.before.values,
            there=stands.value,
            doubted=line.key in self.before.pending,
            refused=bool(self.before.refused),
            is_due=any(map(self._is_due, self.looks.get(source_of(line), ()))),
            was_moved=self.before.revision != self.after.revision,
            is_settled=self._is_settled(line),
            is_live=self.is_live,
            has_record=self.finder is not None,
            creates=self.to == "klaviyo",
            is_phone=line.kind == "phone",
            beside=stands.beside,
            is_once=line.send == "once",
            goes_back=line.name == LIFECYCLE and self.may_move is not None and not self.may_move(made, stands.value),
        )

    def _owner(self, line: FieldLine) -> Owner:
        source = source_of(line)
        if line.key in self.wanted:
            return "says"
        if source == CONTACT and self.contact_id is None:
            return "nobody"
        if self.held.get(source):
            return "unasked"
        return self._of_contact(line) if source == CONTACT else "silent"

    def _of_contact(self, line: FieldLine) -> Owner:
        if self.known is None:
            return "unselected"
        if line.source in self.misread:
            return "unreadable"
        return "silent" if line.source in self.known else "unasked"

    def _is_due(self, look: Promise) -> bool:
        """Whether a look will tell; that a value ends some day does not."""
        ends_later = look.reason == A_VALUE_ENDS and look.due_at is not None and look.due_at > self.now
        return look.status in OPEN and not ends_later

    def _is_settled(self, line: FieldLine) -> bool:
        """What stands beside a contact changes without it; what we keep ourselves is due from birth."""
        if source_of(line) != CONTACT:
            return True
        modified = moment((self.known or {}).get(MODIFIED) or "")
        return not line.is_worked_out and modified is not None and modified < self.now - SETTLED_AFTER

    def _words(self, line: FieldLine, code: str) -> str:
        if code == "parked":
            return self.before.refused
        if code == "not_read":
            return self.held.get(source_of(line), NOT_SHOWN)
        looks = self.looks.get(source_of(line), ()) if code == "waiting" else ()
        return next((look.reason for look in looks if look.reason and self._is_due(look)), "")


def source_of(line: FieldLine) -> str:
    """Which source speaks of a field: how the subjects of its looks begin."""
    if line.owner == "hubspot":
        return CONTACT
    return AN_ORDER if line.source.startswith("orders.") else OBSERVED
