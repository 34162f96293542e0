"""The book of what was told, Klaviyo and HubSpot in memory, as strict as their contracts; each step may be the last."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from commerce_sync.contracts import Promise
from commerce_sync.contracts.told import Begun, Member, Told, ToldAt
from commerce_sync.errors import PermanentError, RefusedByVendorError
from commerce_sync.profiles.looks import IMPORT, IMPORT_ROW
from commerce_sync.vendors.klaviyo.imports import ImportJob, ImportRefusal, KlaviyoImports

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
Step = Callable[[str], None]


class KilledError(BaseException):
    """The worker is gone: nothing of ours catches it."""


@dataclass
class Mortality:
    """Kills whoever takes a step when ``left`` of them are taken; None kills nobody."""

    left: int | None = None
    steps: Counter[str] = field(default_factory=Counter)

    def __call__(self, name: str) -> None:
        """One step."""
        self.steps[name] += 1
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                raise KilledError(name)


@dataclass
class BookInMemory:
    """What was told, and promises, each write a step."""

    step: Step = lambda _name: None
    items: dict[str, Told] = field(default_factory=dict)
    rows: dict[tuple[str, str], Promise] = field(default_factory=dict)

    def key_of(self, destination: ToldAt, email: str) -> str:
        """As good as a hash."""
        return f"{destination}#{email[::-1]}"

    def told(self, destination: ToldAt, emails: Sequence[str]) -> Mapping[str, Told]:
        """What is known."""
        return {email: self.items.get(self.key_of(destination, email), Told()) for email in emails}

    def told_under(self, keys: Sequence[str]) -> Mapping[str, Told]:
        """What is known under keys."""
        return {key: self.items[key] for key in keys if key in self.items}

    def begin(self, key: str, told: Told) -> bool:
        """Conditional, as the table's."""
        return self._put(key, told, told.revision - 1)

    def end(self, key: str, told: Told) -> bool:
        """Conditional, as the table's."""
        if self._put(key, told, told.revision):
            return True
        self.doubt(key)
        return False

    def doubt(self, key: str, over: int | None = None) -> None:
        """All of it."""
        if known := self.items.get(key):
            known = known.without_import(over) if over else known
            self.items[key] = replace(known, pending={**known.values, **known.pending}, revision=known.revision + 1)

    def settle(self, _before: Promise, after: Promise) -> None:
        """Write an outcome."""
        self.defer(after)

    def defer(self, promise: Promise) -> None:
        """Write one row."""
        self.step("row")
        self.rows[promise.subject, promise.row] = promise

    def defer_all(self, promises: Iterable[Promise]) -> None:
        """Write them one by one: a worker may die in between."""
        for promise in promises:
            self.defer(promise)

    def open_rows(self) -> list[Promise]:
        """Those that wait for their time."""
        return [row for row in self.rows.values() if row.status == "pending"]

    def parked(self) -> Counter[str | None]:
        """Those that wait for a person, by reason."""
        return Counter(row.reason for row in self.rows.values() if row.status == "parked")

    def _put(self, key: str, told: Told, revision: int) -> bool:
        self.step("note")
        if self.items.get(key, Told()).revision != revision:
            return False
        self.items[key] = told
        return True


@dataclass
class KlaviyoInMemory:
    """Profiles by email address, each a flat mapping. ``bad`` are refused in an import's rows, ``poison`` whole."""

    step: Step = lambda _name: None
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: Counter[str] = field(default_factory=Counter)
    bad: set[str] = field(default_factory=set)
    poison: set[str] = field(default_factory=set)
    names_poison: bool = True
    taken_phones: set[str] = field(default_factory=set)
    next_errors: list[Exception] = field(default_factory=list)
    jobs: dict[str, list[ImportRefusal]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    sizes: list[int] = field(default_factory=list)
    asked_phones: list[int] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)

    def upsert(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> str:
        """One profile."""
        self._call("upsert")
        if email in self.bad | self.poison:
            raise RefusedByVendorError("klaviyo", 400, "invalid", fields=("/data/attributes/first_name",))
        if attributes.get("phone_number") in self.taken_phones:
            raise RefusedByVendorError("klaviyo", 409, "duplicate_profile", fields=("/data/attributes",))
        self._apply(email, {**attributes, **properties}, clears=True)
        return f"01{email}"

    def phones(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Of those that are known."""
        self._call("phones")
        self.asked_phones.append(len(emails))
        known = (email for email in emails if email in self.profiles)
        return {email: self.profiles[email].get("phone_number", "") for email in known}

    def row(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> Any:
        """By the client's own rule."""
        return KlaviyoImports(None).row(email, attributes, properties)  # type: ignore[arg-type] # makes no call

    def batches(self, rows: Mapping[str, Any]) -> list[list[str]]:
        """By the client's own rule."""
        return KlaviyoImports(None).batches(rows)  # type: ignore[arg-type] # makes no call

    def blamed(self, refusal: RefusedByVendorError) -> Mapping[int, PermanentError]:
        """By the client's own rule."""
        return KlaviyoImports(None).blamed(refusal)  # type: ignore[arg-type] # makes no call

    def start(self, rows: Sequence[Any]) -> str:
        """Refuses all for one that is poison; imports the others, and remembers whom it could not."""
        self._call("import")
        emails = [str(row["attributes"]["email"]) for row in rows]
        if places := [at for at, email in enumerate(emails) if email in self.poison]:
            named = [f"/data/attributes/profiles/data/{at}/attributes/email" for at in places]
            raise RefusedByVendorError("klaviyo", 400, "invalid", fields=tuple(named) if self.names_poison else ())
        self.sizes.append(len(json.dumps(rows)))
        job_id = f"job-{next(self.numbers)}"
        self.jobs[job_id] = [self._import(at, row) for at, row in enumerate(rows) if not self._takes(row)]
        for row in filter(self._takes, rows):
            attributes = dict(row["attributes"])
            email, place, own = (
                attributes.pop("email"),
                attributes.pop("location", {}),
                attributes.pop("properties", {}),
            )
            self._apply(email, {**attributes, **place, **own}, clears=False)
        self.step("imported")
        return job_id

    def job(self, job_id: str) -> ImportJob:
        """Over at once, unless it is lost."""
        self._call("job")
        return ImportJob(is_over=True, is_lost=job_id in self.lost, failed=len(self.jobs[job_id]))

    def errors(self, job_id: str) -> list[ImportRefusal]:
        """Row by row."""
        self._call("errors")
        return self.jobs[job_id]

    def _takes(self, row: Any) -> bool:
        attributes = row["attributes"]
        return attributes["email"] not in self.bad and attributes.get("phone_number") not in self.taken_phones

    def _import(self, at: int, row: Any) -> ImportRefusal:
        email = str(row["attributes"]["email"])
        code = "invalid" if email in self.bad else "duplicate_profile"
        return ImportRefusal(email, at, RefusedByVendorError("klaviyo", 202, code, fields=("/data/attributes",)))

    def _apply(self, email: str, values: Mapping[str, Any], *, clears: bool) -> None:
        self.writes[email] += 1
        profile = self.profiles.setdefault(email, {})
        for name, value in values.items():
            if value is not None:
                profile[name] = value
            elif clears:
                profile.pop(name, None)

    def _call(self, name: str) -> None:
        self.step(name)
        if self.next_errors:
            raise self.next_errors.pop(0)


@dataclass
class JobsInMemory:
    """Promised imports, as :class:`commerce_sync.aws.import_jobs.ImportJobs` keeps them."""

    book: BookInMemory
    kept: dict[str, list[Member]] = field(default_factory=dict)
    created_at: datetime = NOW

    def opened(self, members: Sequence[Begun]) -> str:
        """The members first."""
        token = f"t{len(self.kept)}"
        self.kept[token] = [Member(one.key, one.revision, tuple(sorted(one.values)), one.looks) for one in members]
        self.book.defer(Promise(f"{IMPORT}{token}", IMPORT_ROW, "pending", self.created_at))
        return token

    def started(self, token: str, job_id: str) -> None:
        """Under Klaviyo's id."""
        self.book.defer(Promise(f"{IMPORT}{token}", IMPORT_ROW, "pending", self.created_at, wanted=job_id))

    def closed(self, token: str) -> None:
        """Nothing to see."""
        self.book.defer(Promise(f"{IMPORT}{token}", IMPORT_ROW, "delivered", self.created_at))

    def members(self, token: str) -> Sequence[Member]:
        """As they were opened."""
        return self.kept[token]
