"""Who is erased leaves the consent ledger without a name, and stays opted out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from commerce_sync.consent.folding import fold
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decided

from tests.fakes.ledger_table import ANA, NOON, LedgerDay, ledger_day, promising, record

WRITES = frozenset({"TransactWriteItems", "GenerateDataKey", "PutItem", "UpdateItem", "DeleteItem"})
NOTHING = promising()


@pytest.fixture
def day() -> Iterator[LedgerDay]:
    """A ledger that nobody has written to."""
    with ledger_day() as fresh:
        yield fresh


def test_nothing_in_the_tables_names_anybody(day: LedgerDay) -> None:
    """Neither the address nor what the evidence holds, before and after an erasure."""
    day.fill(ANA, 2)
    tables = [day.places.ledger, day.places.heads, day.places.outbox, day.places.subject_keys]

    for text in ("ana@", "203.0.113", "customer-"):
        assert text not in repr([day.items(table) for table in tables])


def test_a_shredded_subject_has_no_name_and_no_evidence_and_stays_opted_out(day: LedgerDay) -> None:
    """In every process, at once; a second time there is nothing left to shred."""
    chain = day.fill(ANA, 2)[-1].chain
    warm, other = day.ledger(), day.ledger()
    whole = warm.open(ANA)
    assert (whole.address, whole.sealed, whole.records[1].evidence["ip"]) == (ANA, 0, "203.0.113.1")
    assert whole.records[1].source_event_id == "customer-1"
    assert warm.evidence(chain.records[1]) == whole.records[1]

    assert (other.shred(ANA), other.shred(ANA)) == (1, 0)
    assert warm.address_of(chain.address_key) is None
    shredded = warm.open(chain.address_key)
    assert (shredded.address, shredded.sealed, shredded.records) == (None, 2, chain.records)
    assert warm.evidence(chain.records[1]) == chain.records[1]
    assert fold(warm.read([ANA])[ANA].records, sender="main", at=NOON + timedelta(days=1)).state == "out"


def test_who_comes_back_after_an_erasure_has_a_new_key(day: LedgerDay) -> None:
    """What was shredded stays so."""
    day.fill(ANA, 2)
    day.ledger().shred(ANA)
    chain = day.fill(ANA, 1, start=2)[0].chain
    opened = day.ledger().open(ANA)

    assert (chain.seq, day.ledger().address_of(chain.address_key)) == (3, ANA)
    assert (opened.address, opened.sealed, "ip" in opened.records[2].evidence) == (ANA, 2, True)


def test_nothing_is_written_under_a_key_that_was_shredded_meanwhile(day: LedgerDay) -> None:
    """Or a worker could not say whom an opt-out is about."""
    day.fill(ANA, 1)
    shredded: list[int] = []

    def slow(_chain: Chain, _record: ConsentRecord) -> Decided:
        if not shredded:
            shredded.append(day.ledger().shred(ANA))
        return Decided()

    chain = day.ledger().append(ANA, record(1), slow).chain
    assert (shredded, day.ledger().address_of(chain.address_key)) == ([1], ANA)
    assert "ip" in day.ledger().open(ANA).records[1].evidence
