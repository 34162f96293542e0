"""The steps by which a shop is forgotten, once an operator has confirmed it: its deliveries, orders, records.

People whom only this shop knew are forgotten whole; of the others only the shop's own record is.
"""

from collections import Counter
from dataclasses import dataclass

from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import PrivacyCase, Work
from commerce_sync.errors import PermanentError
from commerce_sync.privacy.needs import Places
from commerce_sync.privacy.working import Progress

ADDRESSES = frozenset({"email", "phone"})


@dataclass(frozen=True)
class ShopSteps:
    """What holds anything of a shop. Each step goes as far as time allows, and on from there."""

    places: Places

    def begin(self, case: PrivacyCase) -> Progress:
        """Fix the instant. Nobody gets here without an operator's word."""
        if case.confirmed_at is None:
            raise PermanentError("not confirmed")
        work = case.work or Work()
        return Progress(work=work.model_copy(update={"marked_at": work.marked_at or self.places.now()}))

    def forget_records(self, case: PrivacyCase) -> Progress:
        """Mark and forget everybody whom the shop has a record of."""
        work, store, counts = case.work or Work(), f"{case.source}:{case.store}", Counter[str]()
        at = work.marked_at or self.places.now()
        for record in sorted(one for one in self.places.people.records_of(store) if one[1] > work.cursor):
            identifiers = self.places.people.identifiers_of_person([record])
            alone = all(_is_of(store, one) for one in identifiers)
            counts["identifiers"] += self.places.people.forget(list({record, *identifiers}) if alone else [record], at)
            counts["people" if alone else "records"] += 1
            if not self.places.may_go_on():
                return Progress(counts, cursor=record[1])
        return Progress(counts)

    def erase_archive(self, case: PrivacyCase) -> Progress:
        """Every delivery of the shop, in all versions."""
        prefix = f"archive/{case.source}/{case.store}/"
        versions, finished = self.places.archive.erase_below(prefix, self.places.may_go_on)
        return Progress({"versions": versions}, cursor="" if finished else "more")

    def erase_orders(self, case: PrivacyCase) -> Progress:
        """Every order and checkout of the shop, whoever it is about; amounts stay."""
        work, store, counts = case.work or Work(), f"{case.source}:{case.store}", Counter[str]()
        for subject in self.places.orders.subjects(store, work.cursor):
            counts.update(self.places.orders.forget(subject, None, work.marked_at or self.places.now()))
            if not self.places.may_go_on():
                return Progress(counts, cursor=subject)
        return Progress(counts)


def _is_of(store: str, identifier: Identifier) -> bool:
    return identifier[0].partition("@")[0] in ADDRESSES or identifier[0] == store
