"""Every place that may know a person, in memory, with a place to crash before and after each write."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce_sync.contracts import Envelope, Page, Plan, Promise
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.delivery.forgetting import ForgettableOrders
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.identity.persons import address_of
from commerce_sync.privacy.closing import Times, finished, stages
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.working import Desk

from tests.fakes.order_book import OrderBookInMemory

NOW = datetime(2026, 11, 21, 18, tzinfo=UTC)
TIMES = Times(check_after=900, check_patience=7 * 24 * 3600, export_days=14)
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
class HubSpotInMemory:
    """Contacts by id, with their addresses (several with ``;``). ``errors`` are raised first, one a call.

    ``merged`` says which ids lead to which; ``bin`` are archived ones. ``calls`` counts deletions.
    """

    crash: Crash
    contacts: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    bin: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    errors: list[Exception] = field(default_factory=list)
    calls: int = 0
    keeps: bool = False

    def forget(self, contact_id: str) -> bool:
        """Delete."""
        self.crash("before hubspot forgets")
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return contact_id in self.contacts if self.keeps else self.contacts.pop(contact_id, None) is not None

    def forget_email(self, email: str) -> None:
        """Delete and block."""
        self.blocked.add(email)
        if not self.keeps:
            self.contacts = {one: them for one, them in self.contacts.items() if email not in them.split(";")}
        self.crash("after hubspot forgot")

    def addressed(self, contact_id: str) -> tuple[str, Sequence[str]] | None:
        """Read, after merges."""
        current = self.merged.get(contact_id, contact_id)
        return (current, self.contacts[current].split(";")) if current in self.contacts else None

    def archived(self, contact_ids: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """Read the bin."""
        return [(one, self.bin[one].split(";")) for one in contact_ids if one in self.bin]

    def whole(self, contact_id: str) -> Mapping[str, Any] | None:
        """Read."""
        email = self.contacts.get(contact_id)
        return {"id": contact_id, "properties": {"email": email}} if email else None

    def ids_by_email(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Look up."""
        held = {email: one for one, them in self.contacts.items() for email in them.split(";")}
        return {email: held[email] for email in emails if email in held}


@dataclass
class KlaviyoInMemory:
    """Profiles, deleted only after ``lag`` looks."""

    crash: Crash
    profiles: dict[str, dict[str, str]] = field(default_factory=dict)
    deleting: set[str] = field(default_factory=set)
    lag: int = 0
    calls: int = 0
    errors: list[Exception] = field(default_factory=list)

    def find(
        self, *, email: str | None = None, phone: str | None = None, profile_id: str | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Look up; deletions that were asked for happen meanwhile."""
        if self.deleting and self.lag <= 0:
            self.profiles = {one: them for one, them in self.profiles.items() if one not in self.deleting}
        self.lag -= bool(self.deleting)
        return [{"id": one, "attributes": self.profiles[one]} for one in self._matching(email, phone, profile_id)]

    def forget(self, *, profile_id: str | None = None, email: str | None = None, phone: str | None = None) -> None:
        """Ask."""
        self.crash("before klaviyo is asked")
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        self.deleting |= set(self._matching(email, phone, profile_id))
        self.crash("after klaviyo was asked")

    def _matching(self, email: str | None, phone: str | None, profile_id: str | None) -> list[str]:
        return [
            one
            for one, them in self.profiles.items()
            if one == profile_id
            or (email and them.get("email") == email)
            or (phone and them.get("phone_number") == phone)
        ]


@dataclass
class CasesInMemory:
    """Cases with their revision."""

    crash: Crash
    cases: dict[str, PrivacyCase] = field(default_factory=dict)

    def find(self, case_id: str) -> PrivacyCase | None:
        """One."""
        return self.cases.get(case_id)

    def put(self, case: PrivacyCase) -> PrivacyCase:
        """Over the revision that was read."""
        self.crash("before a case is written")
        known = self.cases.get(case.case_id)
        if known and known.revision != case.revision:
            raise RetriableError("changed meanwhile")
        self.cases[case.case_id] = case.model_copy(update={"revision": case.revision + 1})
        self.crash("after a case is written")
        return self.cases[case.case_id]

    def all(self) -> Iterable[PrivacyCase]:
        """All."""
        return list(self.cases.values())


class PagesInMemory(OrderBookInMemory):
    """The order book, with what forgetting needs beside it."""

    def page(self, subject: str) -> Page:
        """One page."""
        return self.pages.get(subject, Page(subject))

    def of_store(self, store: str, cursor: str) -> tuple[Sequence[str], str]:
        """One subject a page."""
        left = sorted(one for one in self.pages if one.startswith(f"{store}:") and one > cursor)
        return left[:1], left[0] if left else ""

    def drop(self, subject: str) -> int:
        """Remove."""
        return int(self.pages.pop(subject, None) is not None)

    def record(self, subject: str, planned: Callable[[Page], Plan]) -> Sequence[Promise]:
        """As the table does: an order that was never seen can be marked."""
        return super().record(subject, planned)


@dataclass
class Office:
    """Everything together, with a clock. ``crash`` dies where it is told to; ``time`` counts down what may go on."""

    crash: Crash = lambda _: None
    now: datetime = NOW
    hubspot_live: bool = True
    klaviyo_live: bool = True
    may_go_on: Callable[[], bool] = lambda: True

    def __post_init__(self) -> None:
        """Empty places."""

        def crash(boundary: str) -> None:
            self.crash(boundary)

        self.people, self.traces, self.archive = PeopleInMemory(crash), TracesInMemory(crash), ArchiveInMemory(crash)
        self.quarantine, self.confirmed = QuarantineInMemory(crash), ConfirmedInMemory(crash)
        self.hubspot, self.klaviyo, self.cases = HubSpotInMemory(crash), KlaviyoInMemory(crash), CasesInMemory(crash)
        self.book = PagesInMemory(crash)

    def places(self) -> Places:
        """For the steps."""
        return Places(
            people=self.people,
            traces=self.traces,
            archive=self.archive,
            quarantine=self.quarantine,
            orders=ForgettableOrders(self.book, self.book, "hubspot:contact:"),
            confirmed=self.confirmed,
            records=self.people,
            hubspot=lambda: self.hubspot if self.hubspot_live else None,
            klaviyo=lambda: self.klaviyo if self.klaviyo_live else None,
            contact_kind="hubspot:main",
            address_of=address_of,
            archive_days=30,
            keyed=lambda identifier: f"keyed-{sum(map(ord, identifier[1]))}",
            now=lambda: self.now,
            may_go_on=self.may_go_on,
        )

    def desk(self) -> Desk:
        """A worker."""
        return Desk(
            self.cases,
            stages(self.places(), TIMES),
            finished,
            now=lambda: self.now,
            may_go_on=self.may_go_on,
            longest_wait=3600.0,
        )

    def work(self, case_id: str, rounds: int = 10) -> PrivacyCase:
        """Workers come when the case is due, until nobody but an operator can go on."""
        for _ in range(rounds):
            case, due_at = self.desk().go_on(self.cases.cases[case_id])
            if due_at is None:
                return case
            self.now = max(self.now, due_at)
        return self.cases.cases[case_id]

    def change(self, case_id: str, **changes: Any) -> None:
        """An operator's word."""
        case = self.cases.cases[case_id]
        self.cases.cases[case_id] = case.model_copy(update={**changes, "revision": case.revision + 1})
