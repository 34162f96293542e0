"""The steps by which a person is forgotten here: marked first, so that nothing in flight or replayed comes back.

Each step goes over everything again when it is done again, so doing it twice, or after a crash in its middle, ends the
same; the check is the same steps once more, for what slipped in between a worker's look and its write.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Work
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import People, Places
from commerce_sync.privacy.noting import Progress
from commerce_sync.privacy.owning import contacts_of, values_of
from commerce_sync.privacy.returning import refuse_if_late
from commerce_sync.privacy.searching import Search
from commerce_sync.privacy.tracing import ARCHIVED, EPOCH, ORDERED, arrived, deliveries_to_erase

TOGETHER = 50
LONGEST_IMPORT = timedelta(hours=25)
"""After a day profile_sync gives an import up."""
NOBODY = "nobody is known by what was named; a number that several people share decides for nobody"


@dataclass(frozen=True)
class PersonSteps:
    """Everything here but the vendors. ``look_again``: seconds until it is asked again who was told of an opt-out."""

    places: Places
    look_again: float

    def find(self, case: PrivacyCase) -> Progress:
        """Who it is: kept with the request, because after the mark nobody can be found any more.

        What several people share names nobody; where nothing else was named, an operator may confirm it. So may a
        request that is older than the person's return.
        """
        work = case.work or Work()
        identifiers = whole_person(self.places.people, case)
        refuse_if_late(case, identifiers, self.places)
        found = work.model_copy(update={"identifiers": identifiers, "marked_at": self.places.now()})
        about = tuple(self.places.keyed(one) for one in identifiers)
        others = sum(one not in identifiers for one in work.named)
        counts = {"identifiers": len(identifiers), "named_but_not_theirs": others}
        return Progress(counts, work=found, changes={"about": about})

    def mark(self, case: PrivacyCase) -> Progress:
        """Mark all of them as erased, and whoever joined them since they were found.

        They are looked for by what was found, and before the mark. By what was named, afterwards, an address beside
        the person's record would name whoever else holds it; and who is known after the mark has come back.
        """
        work = case.work or Work()
        joined = self.places.people.identifiers_of_person(work.identifiers)
        wider = work.model_copy(update={"identifiers": tuple(dict.fromkeys((*work.identifiers, *joined)))})
        about = tuple(self.places.keyed(one) for one in wider.identifiers)
        if wider != work:
            return Progress(cursor="joined", work=wider, changes={"about": about})
        return Progress({"marked": self.places.people.forget(work.identifiers, marked(case))})

    def check_marks(self, case: PrivacyCase) -> Progress:
        """Mark again what was not marked, or earlier than the instant."""
        identifiers, at = identifiers_in(case), marked(case)
        since = self.places.people.erased(identifiers)
        missing = [one for one in identifiers if since.get(one, EPOCH) < at]
        return Progress({"marked": self.places.people.forget(missing, at) if missing else 0})

    def erase_archive(self, case: PrivacyCase) -> Progress:
        """Every traced delivery and export, in all versions, but those of a person who came back since the mark."""
        cursor, versions = _cursor(case), 0
        keys = [key for key in self._to_erase(case) if key > cursor]
        for start in range(0, len(keys), TOGETHER):
            chunk = keys[start : start + TOGETHER]
            versions += self.places.archive.erase(chunk)
            if not self.places.may_go_on():
                return Progress({"versions": versions}, cursor=chunk[-1])
        return Progress({"versions": versions})

    def erase_quarantined(self, case: PrivacyCase) -> Progress:
        """Deliveries that were not translated and hold one of the identifiers, and what is noted about them."""
        at, traced = marked(case), set(self._to_erase(case))
        search = Search(identifiers_in(case), self.places)
        entries, following = self.places.quarantine.page(_cursor(case))
        counts: Counter[str] = Counter(versions=0, entries=0)
        for key, envelope_id in sorted({(str(item["archive_key"]), str(item["envelope_id"])) for item in entries}):
            if key in traced or (arrived(key) <= at and search.finds(key)):
                counts["versions"] += self.places.archive.erase([key])
                counts["entries"] += self.places.quarantine.remove([envelope_id])
        return Progress(counts, cursor=following)

    def erase_orders(self, case: PrivacyCase) -> Progress:
        """Buyers, profile ids, promised events; amounts stay. Orders that the request names go whole, seen or not."""
        work, at = case.work or Work(), marked(case)
        identifiers, counts = frozenset(work.identifiers), Counter(orders=0, promises=0)
        traced = {
            trace.removeprefix(ORDERED) for trace in self.places.traces.of(identifiers) if trace.startswith(ORDERED)
        }
        for subject in sorted(subject for subject in {*traced, *work.orders} if subject > work.cursor):
            counts.update(self.places.orders.forget(subject, None if subject in work.orders else identifiers, at))
            if not self.places.may_go_on():
                return Progress(counts, cursor=subject)
        contacts = contacts_of(sorted(identifiers))
        counts["waiting_contacts"] += sum(self.places.orders.forget_contact(contact) for contact in contacts)
        return Progress(counts)

    def erase_confirmed(self, case: PrivacyCase) -> Progress:
        """What destinations are known to have of the person's addresses.

        It waits for a bulk import that holds one of them: Klaviyo may take it up after the deletion, and make the
        profile anew. One of which nobody will ever know is waited for as long as an import may take.
        """
        emails, waited = values_of(identifiers_in(case), "email"), self.places.now() - marked(case)
        if waited < LONGEST_IMPORT and self.places.confirmed.is_underway(emails):
            return Progress(waits_for="klaviyo may not have finished an import yet", wait=self.look_again)
        return Progress({"addresses": self.places.confirmed.forget(emails)})

    def erase_observed(self, case: PrivacyCase) -> Progress:
        """What owners observed of the person, under every identifier; what still waits to be told finds nobody."""
        return Progress({"observed": self.places.observed.forget(identifiers_in(case))})

    def withdraw_consent(self, case: PrivacyCase) -> Progress:
        """Each address wants nothing any more, as of the mark: the mark that stays is an opt-out too (rule R7)."""
        said = self.places.consent.withdraw(identifiers_in(case), marked(case), case.case_id)
        return Progress({"opted_out": said})

    def shred_consent(self, case: PrivacyCase) -> Progress:
        """What the addresses said becomes unreadable, once every destination was told of the opt-out.

        Without the key nobody can be told any more: so it waits for those that did not answer yet, and names in the
        proof those that wait for a person.
        """
        self.places.consent.withdraw(identifiers_in(case), marked(case), case.case_id)
        untold = self.places.consent.untold(identifiers_in(case))
        if untold.waiting:
            return Progress(waits_for=f"not told of the opt-out yet: {', '.join(untold.waiting)}", wait=self.look_again)
        keys = self.places.consent.shred(identifiers_in(case), self.returned(case))
        return Progress({"keys": keys}, changes={"not_told": untold.stuck})

    def remove_traces(self, case: PrivacyCase) -> Progress:
        """The traces themselves, last: until now they were needed. What a person who came back left since stays."""
        at, back, counts = marked(case), self.returned(case), Counter[str](traces=0)
        for one in identifiers_in(case):
            traces = self.places.traces.of([one])
            past = {trace for trace in traces if one not in back or _is_past(trace, at)}
            counts["traces"] += self.places.traces.remove([one], past) if past else 0
        return Progress(counts)

    def returned(self, case: PrivacyCase) -> frozenset[Identifier]:
        """Whom a store has met again since the mark: that is a new acquaintance, and nobody's to erase."""
        return frozenset(self.places.people.came_back(identifiers_in(case)))

    def _to_erase(self, case: PrivacyCase) -> list[str]:
        return sorted(deliveries_to_erase(identifiers_in(case), self.returned(case), marked(case), self.places))


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


def marked(case: PrivacyCase) -> datetime:
    """The instant of the erasure."""
    if case.work is None or case.work.marked_at is None:
        raise PermanentError("nobody was found yet")
    return case.work.marked_at


def identifiers_in(case: PrivacyCase) -> tuple[Identifier, ...]:
    """Whom an open request is about."""
    return case.work.identifiers if case.work else ()


def _is_past(trace: str, at: datetime) -> bool:
    return trace.startswith(ARCHIVED) and arrived(trace.removeprefix(ARCHIVED)) <= at


def _cursor(case: PrivacyCase) -> str:
    return case.work.cursor if case.work else ""
