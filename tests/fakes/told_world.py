"""Facts of people on one side, Klaviyo on the other, and workers between them that may die at any step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commerce_sync.contracts.fields import FieldLine, FieldValues
from commerce_sync.contracts.waiting import Patience
from commerce_sync.profiles import looks
from commerce_sync.profiles.at_klaviyo import KlaviyoPlace
from commerce_sync.profiles.importing import ImportDesk
from commerce_sync.profiles.settling import conclude, settle_imports
from commerce_sync.profiles.syncing import MayGoOn, Met, Outcome, ProfileSync, Spoken
from commerce_sync.profiles.telling import Telling

from tests.fakes.telling import NOW, BookInMemory, JobsInMemory, KilledError, KlaviyoInMemory, Mortality

PATIENCE = Patience(15, 3600, 0)
LINES = {
    line.key: line
    for line in (
        FieldLine("hubspot", "firstname", "klaviyo", "first_name", kind="attribute", clear=True),
        FieldLine("hubspot", "country", "klaviyo", "country", kind="attribute", clear=True),
        FieldLine("hubspot", "phone", "klaviyo", "hubspot_phone", kind="phone"),
        FieldLine("hubspot", "stage", "klaviyo", "stage", clear=True),
        FieldLine("hubspot", "score", "klaviyo", "score", "number", clear=True),
    )
}


@dataclass
class FactSource:
    """Contacts whose id is their address."""

    facts: Mapping[str, FieldValues]

    def meet(self, subjects: Sequence[str], may_go_on: MayGoOn) -> Met:  # noqa: ARG002 # always in time
        """Everybody."""
        return Met({one: (one.removeprefix(looks.CONTACT),) for one in subjects})

    def speak(self, met: Met) -> Iterator[Spoken]:
        """What stands there now."""
        for (email,) in met.emails.values():
            yield Spoken("klaviyo", email, self.facts[email])

    def ends(self, subject: str) -> datetime | None:  # noqa: ARG002 # as it is
        """Never."""
        return None


@dataclass
class ToldWorld:
    """``deliver`` keeps a message until a worker has lived through it, as a queue does."""

    facts: dict[str, FieldValues] = field(default_factory=dict)
    bulk_from: int = 20
    mortality: Mortality = field(default_factory=Mortality)
    lines: Mapping[str, FieldLine] = field(default_factory=lambda: LINES)
    book: BookInMemory = field(init=False)
    klaviyo: KlaviyoInMemory = field(init=False)
    jobs: JobsInMemory = field(init=False)
    deaths: int = 0
    at: datetime = NOW + timedelta(hours=1)
    seconds: int | None = None
    """How often there still is time; None for ever."""

    def __post_init__(self) -> None:
        """All of it mortal."""
        self.book, self.klaviyo = BookInMemory(self.mortality), KlaviyoInMemory(self.mortality)
        self.jobs = JobsInMemory(self.book)

    def deliver(self, emails: Iterable[str] | None = None, every: int | None = None) -> None:
        """Hints about people, until a worker has lived through them; ``every`` so many steps one dies."""
        hints = [f"{looks.CONTACT}{email}" for email in (self.facts if emails is None else emails)]
        self._live(hints, (), every)

    def come_due(self, every: int | None = None) -> None:
        """All that waits is given out when its time comes, until nothing waits any more."""
        for _ in range(20):
            if not (rows := self.book.open_rows()):
                return
            self.at = max(self.at, min(row.due_at or self.at for row in rows))
            rows = [row for row in rows if (row.due_at or self.at) <= self.at]
            self._live((), [row.subject for row in rows], every)
        raise AssertionError(self.book.open_rows())

    def run(self, hints: Sequence[str], due: Sequence[str] = ()) -> Outcome:
        """One worker."""
        now = self.at
        owned = [row for row in self.book.open_rows() if row.subject in set(due)]
        imports = [row for row in owned if row.row == looks.IMPORT_ROW]
        people = [row for row in owned if row.row != looks.IMPORT_ROW]
        desk = ImportDesk(
            self.book,
            lambda: self.klaviyo,
            self.jobs.members,
            lambda e: self.book.key_of("klaviyo", e),
            now,
            self._may_go_on,
        )
        settle_imports(imports, desk, self.book, now=now, patience=PATIENCE)
        sync = ProfileSync({looks.CONTACT: FactSource(self.facts)}, [self.telling()], self._may_go_on)
        subjects = list(dict.fromkeys([*hints, *(row.subject for row in people)]))
        outcome = sync.run(subjects, [row.subject for row in people if row.row == looks.REFUSED_ROW])
        conclude(subjects, people, outcome, self.book, now=now, patience=PATIENCE)
        return outcome

    def telling(self) -> Telling:
        """Of Klaviyo."""
        place = KlaviyoPlace(
            self.klaviyo, self.klaviyo, self.jobs, self.lines, self.bulk_from, lambda _id, _email: None, self._may_go_on
        )
        return Telling("klaviyo", self.book, lambda: place, self._may_go_on)

    def _may_go_on(self) -> bool:
        if self.seconds is None:
            return True
        self.seconds -= 1
        return self.seconds >= 0

    def _live(self, hints: Sequence[str], due: Sequence[str], every: int | None) -> None:
        """Each worker lives longer than the one before, else none would ever come to an end."""
        while True:
            self.mortality.left = every * (self.deaths + 2) // 2 if every else None
            try:
                self.run(hints, due)
            except KilledError:
                self.deaths += 1
            else:
                self.mortality.left = None
                return
