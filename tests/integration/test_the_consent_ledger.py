"""The consent ledger on DynamoDB: everything once, in one transaction, and nothing written where it was lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from commerce_sync.aws.clients import client
from commerce_sync.aws.secrets import cached_secret
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.consent.folding import fold
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_book import Chain, Decided
from commerce_sync.errors import LedgerLostError, PermanentError, RetriableError
from commerce_sync.settings.consent import LedgerSettings

from tests.fakes.aws_faults import DiedError, answering, cancelled, dying_at, one_call_at_a_time
from tests.fakes.ledger_table import ANA, BOB, NOON, ROTATED, LedgerDay, ledger_day, promising, record, written

WRITES = frozenset({"TransactWriteItems", "GenerateDataKey", "PutItem", "UpdateItem", "DeleteItem"})
NOTHING = promising()


@pytest.fixture
def day() -> Iterator[LedgerDay]:
    """A ledger that nobody has written to."""
    with ledger_day() as fresh:
        yield fresh


def test_a_record_is_written_once_however_often_it_comes(day: LedgerDay) -> None:
    """By the same process and by another; the second time nothing is decided and nothing promised."""
    first = day.ledger().append(ANA, record(1), promising("klaviyo", "hubspot"))
    second = day.ledger().append(ANA, record(1), promising("shopify:us"))

    assert (first.is_new, second.is_new, second.promises) == (True, False, ())
    assert (second.chain.seq, set(second.chain.promises)) == (1, {"klaviyo", "hubspot"})
    assert written(day) == [record(1).record_id]


def test_what_was_appended_is_what_is_read(day: LedgerDay) -> None:
    """The same chain, the decision in its trace, and of evidence what names nobody."""
    last = day.fill(ANA, 3)[-1]
    chain = day.ledger().read([ANA, BOB])[ANA]

    assert replace(chain, records=last.chain.records) == last.chain
    assert [one.record_id for one in chain.records] == [record(number).record_id for number in range(3)]
    assert {(one.address_key, one.decision_after) for one in chain.records} == {(chain.address_key, "out")}
    assert chain.records[1].evidence == {"notice_id": "footer"}
    assert chain.records[1].recorded_at == NOON
    assert day.ledger().read([BOB])[BOB].records == ()


def test_one_record_is_one_transaction(day: LedgerDay) -> None:
    """And few reads: one of heads and keys, one of the chain, one of its rows; none of these for a new address."""
    ledger = day.ledger()
    ledger.append(BOB, record(0, channel="sms"), NOTHING)
    calls = day.watch_calls()

    ledger.append(ANA, record(1), promising("klaviyo", "hubspot"))
    assert calls == ["BatchGetItem", "GenerateDataKey", "TransactWriteItems"]
    calls.clear()
    ledger.append(ANA, record(2), promising("klaviyo", "hubspot"))
    assert calls == ["BatchGetItem", "Query", "Query", "TransactWriteItems"]
    calls.clear()
    ledger.append(ANA, record(2), promising("klaviyo", "hubspot"))
    assert calls == ["BatchGetItem", "Query", "Query"]
    calls.clear()
    ledger.read([ANA, BOB, *(("email", f"nobody{number}@example.com") for number in range(40))])
    assert calls == ["BatchGetItem", "Query", "Query", "Query", "Query"]


def test_two_who_write_at_once_write_one_after_the_other(day: LedgerDay) -> None:
    """While one decides, the other writes: the first decides anew, with what the other wrote."""
    seen: list[int] = []

    def slow(chain: Chain, _record: ConsentRecord) -> Decided:
        seen.append(chain.seq)
        if len(seen) == 1:
            day.ledger().append(ANA, record(2), NOTHING)
        return Decided()

    appended = day.ledger().append(ANA, record(1), slow)

    assert (seen, appended.is_new, appended.chain.seq) == ([0, 1], True, 2)
    assert [one.record_id for one in appended.chain.records] == [record(2).record_id, record(1).record_id]


def test_the_same_record_from_two_at_once_is_one(day: LedgerDay) -> None:
    """The slower finds it written."""

    def slow(_chain: Chain, _record: ConsentRecord) -> Decided:
        day.ledger().append(ANA, record(1), NOTHING)
        return Decided()

    assert not day.ledger().append(ANA, record(1), slow).is_new
    assert written(day) == [record(1).record_id]


def test_threads_leave_no_gap_and_no_repeat(day: LedgerDay) -> None:
    """Six processes, each with the same eight records of one address in another order."""
    ledgers = [day.ledger() for _ in range(6)]
    orders = [[*range(start, 8), *range(start)] for start in range(6)]

    def work(number: int) -> int:
        return sum(ledgers[number].append(ANA, record(one), promising("klaviyo")).is_new for one in orders[number])

    with one_call_at_a_time(), ThreadPoolExecutor(6) as pool:
        new = sum(pool.map(work, range(6)))

    assert (new, day.ledger().read([ANA])[ANA].seq, len(written(day))) == (8, 8, 8)


@pytest.mark.parametrize("boundary", range(1, 7))
def test_a_death_at_any_write_leaves_all_or_nothing(day: LedgerDay, boundary: int) -> None:
    """Before and after each: the entry is there if and only if its row is, and a second try ends the same."""
    with dying_at(boundary, WRITES) as passed:
        try:
            day.ledger().append(ANA, record(1), promising("klaviyo"))
        except DiedError:
            assert len(passed) == boundary
    assert len(written(day)) == len(day.items(day.places.outbox))

    day.ledger().append(ANA, record(1), promising("klaviyo"))
    chain = day.ledger().read([ANA])[ANA]
    assert (chain.seq, [*chain.promises], len(written(day))) == (1, ["klaviyo"], 1)
    assert day.ledger().address_of(chain.address_key) == ANA


def test_the_boundaries_are_those_that_there_are(day: LedgerDay) -> None:
    """So that no write is left out of the test above."""
    with dying_at(0, WRITES) as passed:
        day.ledger().append(ANA, record(1), promising("klaviyo"))

    assert passed == [
        f"{when} {operation}"
        for operation in ("TransactWriteItems", "GenerateDataKey", "TransactWriteItems")
        for when in ("before-call", "after-call")
    ]


def test_a_conflict_is_tried_again_and_a_throttled_table_is_left_alone(day: LedgerDay) -> None:
    """Another's transaction passes; a throttled table, or one that is away, is for the queue to wait for."""
    day.fill(ANA, 1)
    with answering("TransactWriteItems", cancelled("None", "None", "TransactionConflict"), None):
        assert day.ledger().append(ANA, record(1), NOTHING).is_new
    for answer in (
        cancelled("None", "ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded", "ConditionalCheckFailed"),
        {"Error": {"Code": "RequestLimitExceeded", "Message": "too many"}},
    ):
        with answering("TransactWriteItems", *[answer] * 4), pytest.raises(RetriableError, match="busy"):
            day.ledger().append(ANA, record(2), NOTHING)
    with answering("TransactWriteItems", *[cancelled("TransactionConflict")] * 99), pytest.raises(RetriableError):
        day.ledger().append(ANA, record(2), NOTHING)
    assert day.fill(ANA, 1, start=2)[0].chain.seq == 3


def test_a_record_that_no_item_holds_is_refused_for_good(day: LedgerDay) -> None:
    """It would come back for ever."""
    with pytest.raises(PermanentError, match="too large"):
        day.ledger().append(ANA, record(1, evidence={"text": "x" * 400_000}), NOTHING)
    assert written(day) == []


def test_a_chain_goes_on_under_the_pepper_it_began_under(day: LedgerDay) -> None:
    """What a rotation finds stays where it is; what is new stands under the new pepper."""
    before = day.fill(ANA, 2)[-1].chain
    after = day.ledger(ROTATED).append(ANA, record(2), NOTHING).chain
    new = day.ledger(ROTATED).append(BOB, record(3, channel="sms"), NOTHING).chain

    assert (after.address_key, after.seq) == (before.address_key, 3)
    assert (before.address_key[:2], new.address_key[:2]) == ("1#", "2#")
    assert day.ledger(ROTATED).open(ANA).address == ANA


def test_two_partitions_of_one_address_are_one_chain(day: LedgerDay) -> None:
    """While a rotation is not seen by all, two processes may begin one address under two peppers."""
    day.fill(BOB, 1)

    def slow(_chain: Chain, _record: ConsentRecord) -> Decided:
        day.ledger().append(ANA, record(2), promising("klaviyo"))
        day.ledger().append(ANA, record(3), promising("hubspot"))
        return Decided()

    day.ledger(ROTATED).append(ANA, record(1), slow)
    ledger = day.ledger(ROTATED)
    chain = ledger.read([ANA])[ANA]

    assert (chain.seq, chain.address_key[:2], {*chain.promises}) == (3, "2#", {"klaviyo", "hubspot"})
    assert {one.record_id for one in chain.records} == {record(number).record_id for number in (1, 2, 3)}
    assert fold(chain.records, sender="main", at=NOON + timedelta(days=1)).state == "out"
    assert not ledger.append(ANA, record(3), NOTHING).is_new
    assert ledger.append(ANA, record(4), NOTHING).chain == ledger.read([ANA])[ANA]
    assert len(ledger.open(ANA).records) == 4
    assert (ledger.shred(ANA), ledger.shred(ANA)) == (2, 0)


def test_an_address_waits_for_a_person_as_long_as_the_decision_says(day: LedgerDay) -> None:
    """The head stands in the index of those, since when it began, and no longer."""

    def held(_chain: Chain, _record: ConsentRecord) -> Decided:
        return Decided(waits="hold", waits_since=NOON - timedelta(hours=1))

    def waiting() -> list[str]:
        answer = client("dynamodb").query(
            TableName=day.places.heads,
            IndexName="waits",
            KeyConditionExpression="waits = :hold",
            ExpressionAttributeValues={":hold": {"S": "hold"}},
        )
        return [item["waits_since"]["S"] for item in answer["Items"]]

    assert day.ledger().append(ANA, record(1), held).chain.waits == "hold"
    assert (day.ledger().read([ANA])[ANA].waits, waiting()) == ("hold", ["2026-11-21T11:00:00.000000Z"])
    day.fill(ANA, 1, start=2)
    assert (day.ledger().read([ANA])[ANA].waits, waiting()) == (None, [])


def test_functions_have_the_ledger_from_their_settings_and_one_a_process(day: LedgerDay) -> None:
    """What it remembers is worth keeping; under another pepper it is another one, or none at all."""
    settings = settings_of(day)
    ledger = ledger_of(settings)
    chain = ledger.append(ANA, record(1), NOTHING).chain

    assert ledger_of(settings) is ledger
    assert ledger_of(settings).address_of(chain.address_key) == ANA
    day.bundle.put_secret("Pepper", {"current": "1", "1": "another-pepper-altogether"})
    cached_secret.cache_clear()
    with pytest.raises(LedgerLostError, match="pepper"):
        ledger_of(settings)


def settings_of(day: LedgerDay) -> LedgerSettings:
    """As a function has them."""
    return LedgerSettings(
        ledger_table=day.places.ledger,
        heads_table=day.places.heads,
        consent_outbox_table=day.places.outbox,
        subject_keys_table=day.places.subject_keys,
        control_table=day.places.control,
        subject_key_id=day.bundle.names["ConsentKey"],
        identity_table=day.bundle.names["IdentityTable"],
        pepper_id=day.bundle.names["Pepper"],
    )
