"""Places of ours that know a person, in memory, with a place to crash before and after each write."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from commerce_sync.contracts import Envelope
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import Untold
from commerce_sync.errors import PermanentError

Crash = Callable[[str], None]


@dataclass
class PeopleInMemory:
    """Profiles as sets of identifiers, and marks."""

    crash: Crash
    profiles: list[set[Identifier]] = field(default_factory=list)
    marks: dict[Identifier, datetime] = field(default_factory=dict)
    returned: set[Identifier] = field(default_factory=set)

    def identifiers_of_person(self, named: Sequence[Identifier]) -> Sequence[Identifier]:
        """The profiles' identifiers, and named ones that nobody holds. A record that is known decides alone."""
        holders = [profile for profile in self.profiles if profile & set(named)]
        records = {one for one in named if one[0] not in {"email", "phone"}}
        chosen = [profile for profile in holders if profile & records] or holders
        free = (one for one in named if one[0] != "phone" and not any(one in profile for profile in holders))
        return list(dict.fromkeys([*(one for profile in chosen for one in sorted(profile)), *free]))

    def described(self, identifiers: Sequence[Identifier]) -> Mapping[str, Any]:
        """Plain."""
        return {"profiles": [_profile(profile) for profile in self.profiles if profile & set(identifiers)]}

    def forget(self, identifiers: Sequence[Identifier], at: datetime) -> int:
        """Mark and remove."""
        self.crash("before people are forgotten")
        new = [one for one in identifiers if self.marks.get(one, at - timedelta(1)) < at]
        self.marks |= dict.fromkeys(new, at)
        self.returned -= set(new)
        self.profiles = [left for profile in self.profiles if (left := profile - set(new))]
        self.crash("after people are forgotten")
        return len(new)

    def erased(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, datetime]:
        """Marks."""
        return {one: self.marks[one] for one in identifiers if one in self.marks}

    def came_back(self, identifiers: Sequence[Identifier]) -> Sequence[Identifier]:
        """Whom a store has met again."""
        return [one for one in identifiers if one in self.returned]

    def page(self, kind: str, cursor: str) -> tuple[Sequence[Identifier], str]:
        """One record of a store a page."""
        records = sorted(one for profile in self.profiles for one in profile if one[0] == kind and one[1] > cursor)
        return records[:1], records[0][1] if records else ""


def _profile(profile: set[Identifier]) -> dict[str, Any]:
    """As ``explain`` tells it."""
    texts = sorted("#".join(one) for one in profile)
    return {"profile_id": "p", "identifiers": texts, "links": [], "history": []}


@dataclass
class TracesInMemory:
    """Rows by identifier."""

    crash: Crash
    rows: set[tuple[Identifier, str]] = field(default_factory=set)

    def note(self, rows: Iterable[tuple[Identifier, str, datetime | None]]) -> None:
        """Add."""
        self.rows |= {(identifier, trace) for identifier, trace, _ in rows}

    def of(self, identifiers: Iterable[Identifier]) -> Iterator[str]:
        """In order."""
        wanted = set(identifiers)
        yield from sorted({trace for identifier, trace in self.rows if identifier in wanted})

    def remove(self, identifiers: Iterable[Identifier], traces: Collection[str]) -> int:
        """Take out."""
        self.crash("before traces are removed")
        wanted = set(identifiers)
        gone = {row for row in self.rows if row[0] in wanted and row[1] in traces}
        self.rows -= gone
        self.crash("after traces are removed")
        return len(gone)


@dataclass
class ArchiveInMemory:
    """Objects by key, and what each deletion took."""

    crash: Crash
    objects: dict[str, Any] = field(default_factory=dict)

    def fetch(self, key: str) -> Envelope:
        """An envelope."""
        if key not in self.objects:
            raise PermanentError("gone")
        envelope: Envelope = self.objects[key]
        return envelope

    def erase(self, keys: Collection[str]) -> int:
        """Delete."""
        self.crash("before objects are deleted")
        gone = sum(self.objects.pop(key, None) is not None for key in keys)
        self.crash("after objects are deleted")
        return gone

    def erase_below(self, prefix: str, may_go_on: Callable[[], bool]) -> tuple[int, bool]:
        """Two at a time."""
        gone = 0
        while keys := [key for key in sorted(self.objects) if key.startswith(prefix)][:2]:
            gone += self.erase(keys)
            if not may_go_on():
                return gone, False
        return gone, True

    def keep_export(self, key: str, text: str) -> None:
        """Put."""
        self.objects[key] = text


@dataclass
class QuarantineInMemory:
    """Entries."""

    crash: Crash
    entries: list[dict[str, Any]] = field(default_factory=list)

    def page(self, cursor: str) -> tuple[Sequence[Mapping[str, Any]], str]:
        """One entry a page."""
        left = sorted((one for one in self.entries if one["envelope_id"] > cursor), key=lambda one: one["envelope_id"])
        return left[:1], left[0]["envelope_id"] if left else ""

    def remove(self, envelope_ids: Collection[str]) -> int:
        """Take out."""
        self.crash("before quarantine is emptied")
        before = len(self.entries)
        self.entries = [entry for entry in self.entries if entry["envelope_id"] not in envelope_ids]
        self.crash("after quarantine is emptied")
        return before - len(self.entries)


@dataclass
class ConfirmedInMemory:
    """Digests by address."""

    crash: Crash
    digests: dict[str, str] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)

    def is_underway(self, emails: Sequence[str]) -> bool:
        """Those that an import holds."""
        return not self.imported.isdisjoint(emails)

    def forget(self, emails: Sequence[str]) -> int:
        """Delete."""
        self.crash("before confirmed profiles are deleted")
        gone = sum(self.digests.pop(email, None) is not None for email in emails)
        self.crash("after confirmed profiles are deleted")
        return gone

    def known(self, emails: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """Read."""
        return [{"email": email, "digest": self.digests[email]} for email in emails if email in self.digests]


@dataclass
class ObservedInMemory:
    """Values by identifier."""

    crash: Crash
    values: dict[Identifier, str] = field(default_factory=dict)

    def forget(self, identifiers: Sequence[Identifier]) -> int:
        """Delete."""
        self.crash("before observed values are deleted")
        gone = sum(self.values.pop(one, None) is not None for one in identifiers)
        self.crash("after observed values are deleted")
        return gone

    def known(self, identifiers: Sequence[Identifier]) -> Sequence[Mapping[str, Any]]:
        """Read."""
        return [{"whose": one[1], "value": self.values[one]} for one in identifiers if one in self.values]


@dataclass
class ConsentInMemory:
    """What addresses said, until it is shredded. An opt-out stays."""

    crash: Crash
    said: dict[Identifier, list[str]] = field(default_factory=dict)
    opted_out: dict[Identifier, datetime] = field(default_factory=dict)
    told: Untold = field(default_factory=Untold)

    def withdraw(self, identifiers: Sequence[Identifier], at: datetime, case_id: str) -> int:
        """Once an address."""
        self.crash(f"before consent is withdrawn for {case_id}")
        new = [one for one in identifiers if one[0] in {"email", "phone"} and one not in self.opted_out]
        self.opted_out |= dict.fromkeys(new, at)
        self.crash("after consent is withdrawn")
        return len(new)

    def untold(self, _identifiers: Sequence[Identifier]) -> Untold:
        """As a test says."""
        return self.told

    def shred(self, identifiers: Sequence[Identifier], _returned: Collection[Identifier]) -> int:
        """Whoever came back has said nothing new here."""
        self.crash("before consent is shredded")
        gone = [self.said.pop(one) for one in identifiers if one in self.said]
        self.crash("after consent is shredded")
        return len(gone)

    def described(self, identifiers: Sequence[Identifier]) -> Sequence[Mapping[str, Any]]:
        """What is left."""
        return [{"address": one[1], "said": self.said[one]} for one in identifiers if one in self.said]
