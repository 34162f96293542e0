"""The steps by which a shop is forgotten, once an operator has confirmed it: its deliveries, orders, records.

People whom only this shop knew are forgotten whole; of the others only the shop's own record is.
"""

from collections import Counter
from dataclasses import dataclass

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Work
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.noting import Progress

ADDRESSES = frozenset({"email", "phone"})


@dataclass(frozen=True)
class ShopSteps:
    """What holds anything of a shop. Each step goes page by page, and on from there when there is time."""

    places: Places

    def begin(self, case: PrivacyCase) -> Progress:
        """Fix the instant. Nobody gets here without an operator's word."""
        if case.confirmed_at is None:
            raise PermanentError("not confirmed")
        work = case.work or Work()
        return Progress(work=work.model_copy(update={"marked_at": work.marked_at or self.places.now()}))

    def forget_records(self, case: PrivacyCase) -> Progress:
        """Mark and forget everybody whom the shop has a record of."""
        work, store = case.work or Work(), f"{case.source}:{case.store}"
        at, counts = work.marked_at or self.places.now(), Counter(identifiers=0, people=0, records=0)
        records, following = self.places.records.page(store, work.cursor)
        for record in records:
            identifiers = self.places.people.identifiers_of_person([record])
            alone = all(_is_of(store, one) for one in identifiers)
            counts["identifiers"] += self.places.people.forget(list({record, *identifiers}) if alone else [record], at)
            counts["people" if alone else "records"] += 1
        return Progress(counts, cursor=following)

    def erase_archive(self, case: PrivacyCase) -> Progress:
        """Every delivery of the shop and of its pages, in all versions."""
        erased = 0
        for source, store in self._senders(case):
            prefix = f"archive/{source}/{store}/"
            versions, finished = self.places.archive.erase_below(prefix, self.places.may_go_on)
            erased += versions
            if not finished:
                return Progress({"versions": erased}, cursor="more")
        return Progress({"versions": erased}, cursor="")

    def erase_quarantined(self, case: PrivacyCase) -> Progress:
        """What is noted of the shop's deliveries that could not be translated."""
        entries, following = self.places.quarantine.page(case.work.cursor if case.work else "")
        senders = self._senders(case)
        own = {str(one["envelope_id"]) for one in entries if (one["source"], one["store"]) in senders}
        return Progress({"entries": self.places.quarantine.remove(own) if own else 0}, cursor=following)

    def erase_orders(self, case: PrivacyCase) -> Progress:
        """Every order and checkout of the shop, whoever it is about; amounts stay."""
        work, store = case.work or Work(), f"{case.source}:{case.store}"
        at, counts = work.marked_at or self.places.now(), Counter(orders=0, promises=0)
        subjects, following = self.places.orders.subjects(store, work.cursor)
        for subject in subjects:
            counts.update(self.places.orders.forget(subject, None, at))
        return Progress(counts, cursor=following)

    def _senders(self, case: PrivacyCase) -> list[tuple[str, str]]:
        """The shop itself, and its pages."""
        pages = self.places.pages.get(f"{case.source}:{case.store}", ())
        return [(case.source, case.store), *(("web", store) for store in pages)]


def _is_of(store: str, identifier: Identifier) -> bool:
    return identifier[0].partition("@")[0] in ADDRESSES or identifier[0] == store
