"""The steps by which a person is forgotten here: marked first, so that nothing in flight or replayed comes back.

Each step goes over everything again when it is done again, so doing it twice, or after a crash in its middle, ends the
same; the check is the same steps once more, for what slipped in between a worker's look and its write.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Work
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import People, Places
from commerce_sync.privacy.searching import is_about
from commerce_sync.privacy.working import Progress

ARCHIVED, ORDERED, DELIVERIES = "archive#", "order#", "archive/"
TOGETHER = 50
EPOCH = datetime.fromtimestamp(0, UTC)
NOBODY = "nobody is known by what was named; a number that several people share decides for nobody"


@dataclass(frozen=True)
class PersonSteps:
    """Everything here but the vendors."""

    places: Places

    def find(self, case: PrivacyCase) -> Progress:
        """Who it is: kept with the request, because after the mark nobody can be found any more.

        What several people share names nobody; where nothing else was named, an operator may confirm it.
        """
        work = case.work or Work()
        identifiers = whole_person(self.places.people, case)
        found = work.model_copy(update={"identifiers": identifiers, "marked_at": self.places.now()})
        about = tuple(self.places.keyed(one) for one in identifiers)
        return Progress({"identifiers": len(identifiers)}, work=found, changes={"about": about})

    def mark(self, case: PrivacyCase) -> Progress:
        """Mark all of them as erased, and whoever joined them since they were found."""
        work = case.work or Work()
        marked_at = marked(case)
        count = self.places.people.forget(work.identifiers, marked_at)
        joined = [one for one in self.places.people.identifiers_of_person(work.named) if one not in work.identifiers]
        if not joined:
            return Progress({"marked": count})
        wider = work.model_copy(update={"identifiers": (*work.identifiers, *joined)})
        about = tuple(self.places.keyed(one) for one in wider.identifiers)
        return Progress(cursor="joined", work=wider, changes={"about": about})

    def check_marks(self, case: PrivacyCase) -> Progress:
        """Mark again what was not marked, or earlier than the instant."""
        identifiers, at = _identifiers(case), marked(case)
        since = self.places.people.erased(identifiers)
        missing = [one for one in identifiers if since.get(one, EPOCH) < at]
        return Progress({"marked": self.places.people.forget(missing, at) if missing else 0})

    def erase_archive(self, case: PrivacyCase) -> Progress:
        """Every traced delivery and export up to the mark, in all versions."""
        at, cursor, versions = marked(case), _cursor(case), 0
        keys = [key for key in self._archived(case) if key > cursor and arrived(key) <= at]
        for start in range(0, len(keys), TOGETHER):
            chunk = keys[start : start + TOGETHER]
            versions += self.places.archive.erase(chunk)
            if not self.places.may_go_on():
                return Progress({"versions": versions}, cursor=chunk[-1])
        return Progress({"versions": versions})

    def erase_quarantined(self, case: PrivacyCase) -> Progress:
        """Deliveries that were not translated and hold one of the identifiers, and what is noted about them."""
        identifiers, at, cursor = _identifiers(case), marked(case), _cursor(case)
        traced = set(self._archived(case))
        counts: Counter[str] = Counter()
        entries: dict[str, list[dict[str, object]]] = {}
        for item in self.places.quarantine.items():
            entries.setdefault(str(item["archive_key"]), []).append(item)
        for key in sorted(key for key in entries if key > cursor and arrived(key) <= at):
            if key in traced or self._holds(key, identifiers):
                counts["versions"] += self.places.archive.erase([key])
                counts["entries"] += self.places.quarantine.remove(entries[key])
            if not self.places.may_go_on():
                return Progress(counts, cursor=key)
        return Progress(counts)

    def erase_orders(self, case: PrivacyCase) -> Progress:
        """Buyers, profile ids, promised events; amounts stay. Orders that the request names go whole, seen or not."""
        work, at = case.work or Work(), marked(case)
        identifiers, counts = frozenset(work.identifiers), Counter[str]()
        traced = {
            trace.removeprefix(ORDERED) for trace in self.places.traces.of(identifiers) if trace.startswith(ORDERED)
        }
        for subject in sorted(subject for subject in {*traced, *work.orders} if subject > work.cursor):
            counts.update(self.places.orders.forget(subject, None if subject in work.orders else identifiers, at))
            if not self.places.may_go_on():
                return Progress(counts, cursor=subject)
        contacts = [value for kind, value in sorted(identifiers) if kind.startswith("hubspot:")]
        counts["waiting_contacts"] += sum(self.places.orders.forget_contact(contact) for contact in contacts)
        return Progress(counts)

    def erase_confirmed(self, case: PrivacyCase) -> Progress:
        """What Klaviyo is known to have of the person's addresses."""
        return Progress({"addresses": self.places.confirmed.forget(values_of(_identifiers(case), "email"))})

    def remove_traces(self, case: PrivacyCase) -> Progress:
        """The traces themselves, last: until now they were needed. Those of a person who came back stay."""
        identifiers, at = _identifiers(case), marked(case)
        back = self.came_back(case)
        past = {
            trace
            for trace in self.places.traces.of(identifiers)
            if (trace.startswith(ARCHIVED) and arrived(trace.removeprefix(ARCHIVED)) <= at) or not back
        }
        return Progress({"traces": self.places.traces.remove(identifiers, past)})

    def came_back(self, case: PrivacyCase) -> bool:
        """Whether the person has been met again since the mark: that is a new acquaintance, and nobody's to erase."""
        return any(arrived(key) > marked(case) for key in self._archived(case))

    def _archived(self, case: PrivacyCase) -> Iterator[str]:
        traces = self.places.traces.of(_identifiers(case))
        return (trace.removeprefix(ARCHIVED) for trace in traces if trace.startswith(ARCHIVED))

    def _holds(self, key: str, identifiers: tuple[Identifier, ...]) -> bool:
        try:
            return is_about(self.places.archive.fetch(key), identifiers)
        except PermanentError:
            return False


def whole_person(people: People, case: PrivacyCase) -> tuple[Identifier, ...]:
    """Every identifier of whom a request names.

    :raises PermanentError: nobody, and no order either.
    """
    work = case.work or Work()
    found = tuple(dict.fromkeys(people.identifiers_of_person(work.named)))
    if not found and case.confirmed_at:
        return work.named
    if not found and not work.orders:
        raise PermanentError(NOBODY)
    return found


def values_of(identifiers: Iterable[Identifier], wanted: str) -> list[str]:
    """The addresses of one kind (``email``), those that a store keeps apart (``email@own:wholesale``) included."""
    return list(dict.fromkeys(value for kind, value in identifiers if kind.partition("@")[0] == wanted))


def arrived(key: str) -> datetime:
    """When an archived delivery arrived, as its key says (``.../YYYY/MM/DD/HHMMSSffffff-id``); others always have."""
    if not key.startswith(DELIVERIES):
        return EPOCH
    *_, year, month, day, name = key.split("/")
    return datetime.strptime(f"{year}{month}{day}{name[:12]}+0000", "%Y%m%d%H%M%S%f%z")


def marked(case: PrivacyCase) -> datetime:
    """The instant of the erasure."""
    if case.work is None or case.work.marked_at is None:
        raise PermanentError("nobody was found yet")
    return case.work.marked_at


def _identifiers(case: PrivacyCase) -> tuple[Identifier, ...]:
    return case.work.identifiers if case.work else ()


def _cursor(case: PrivacyCase) -> str:
    return case.work.cursor if case.work else ""
