"""Whatever crashes, waits or comes between: nothing of the person is left, and nobody else lost anything."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from commerce_sync.contracts import BookedOrder
from commerce_sync.contracts.identity_book import Identifier
from commerce_sync.contracts.privacy import StepDone
from commerce_sync.errors import PausedError, PermanentError

from tests.fakes.order_book import CrashedError, Crasher
from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import ANA, ANAS, BEN, BENS, CASE, archived, asks, deliver, left_of, met, noted

BENS_CANARIES = ("ben@example.com", "770002", "Benedict")


def test_nothing_of_the_person_is_left_and_amounts_stay() -> None:
    """Every place, and the proof says what was done without saying about whom."""
    office = met(Office())
    asks(office)
    case = office.work(CASE)
    assert (case.state, case.work, case.waits, left_of(office)) == ("done", None, {}, [])
    order = office.book.pages["shopify:us:1001"].order
    assert (order.erased, order.buyer, str(order.placed and order.placed.value)) == (True, None, "59.90")
    assert str(order.refunded) == "10.00"
    assert len(case.about) == len(ANAS)
    assert {step.step for step in case.steps} >= {"find", "mark", "archive", "orders", "hubspot", "check_klaviyo"}
    assert case.ask_by_hand == ()


def test_nobody_else_loses_anything() -> None:
    """Ben shares a phone with Ana, and keeps everything."""
    office = met(Office())
    asks(office)
    office.work(CASE)
    kept = {line.partition(":")[0] for line in left_of(office, BENS_CANARIES)}
    assert kept >= {"people", "archive", "confirmed", "orders", "hubspot", "klaviyo"}
    assert office.book.pages["shopify:us:2001"].order.buyer == BEN


def test_a_phone_that_a_stranger_uses_deletes_nobody_at_klaviyo() -> None:
    """Ana's phone stands on Ben's profile."""
    office = met(Office())
    office.people.profiles[0].add(("phone", "+12025550111"))
    asks(office)
    case = office.work(CASE)
    assert case.state == "done"
    assert "01BEN" in office.klaviyo.profiles


def test_a_crash_before_or_after_every_write_ends_the_same() -> None:
    """Killed once at any boundary, the next worker goes on; a step in doubt is done twice."""
    whole = Crasher()
    office = met(Office())
    asks(office)
    office.crash = whole
    office.work(CASE)
    assert len(whole.passed) >= 50, whole.passed
    for boundary in range(len(whole.passed)):
        office = met(Office())
        asks(office)
        office.crash = Crasher(boundary)
        with pytest.raises(CrashedError):
            office.work(CASE)
        office.crash = lambda _: None
        case = office.work(CASE)
        assert (case.state, left_of(office)) == ("done", []), whole.passed[boundary]
        assert office.book.pages["shopify:us:2001"].order.buyer == BEN


def test_work_in_small_pieces_ends_the_same() -> None:
    """A worker that is out of time after every piece leaves a cursor."""
    office = met(Office())
    asks(office)
    office.may_go_on = lambda: False
    case = office.work(CASE, rounds=200)
    assert (case.state, left_of(office)) == ("done", [])


def test_a_second_worker_with_the_same_case_does_no_harm() -> None:
    """It reads the case as it was before, and gives up where the first has written."""
    office = met(Office())
    asks(office)
    before = office.cases.cases[CASE]
    office.work(CASE)
    with pytest.raises(Exception, match="changed meanwhile"):
        office.desk().go_on(before)
    assert (office.cases.cases[CASE].state, left_of(office)) == ("done", [])


def test_what_slips_in_between_the_mark_and_the_check_is_erased_too() -> None:
    """A worker looked before the mark and wrote after the erasure: order, archive, contact, profile."""
    office = met(Office())
    asks(office)
    case, due_at = office.desk().go_on(office.cases.cases[CASE])
    assert due_at == NOW + timedelta(seconds=900), case.waits
    deliver(office, ANA, ANAS, "1005", NOW - timedelta(minutes=1))
    office.hubspot.contacts["777"] = "ana@example.com"
    office.klaviyo.profiles["01LATE"] = {"email": "ana@example.com"}
    office.people.marks.pop(ANAS[0])
    assert (office.work(CASE).state, left_of(office)) == ("done", [])
    assert office.people.marks[ANAS[0]] == NOW


def test_a_person_who_comes_back_is_a_new_acquaintance() -> None:
    """What is newer than the mark is not touched by the check, here or at the vendors."""
    office = met(Office())
    asks(office)
    office.desk().go_on(office.cases.cases[CASE])
    deliver(office, ANA, ANAS, "1009", NOW + timedelta(minutes=5))
    office.people.returned = set(ANAS[:2])
    office.hubspot.contacts["900"] = "ana@example.com"
    case = office.work(CASE)
    assert case.state == "done"
    assert office.book.pages["shopify:us:1009"].order.buyer == ANA
    assert office.hubspot.contacts["900"] == "ana@example.com"
    assert office.book.pages["shopify:us:1001"].order.buyer is None


def test_an_order_that_comes_after_its_erasure_comes_without_its_buyer() -> None:
    """Named in the request, never seen: its facts count, its buyer never stands there."""
    office = met(Office())
    asks(office, orders=("1001", "1077"))
    office.work(CASE)
    assert office.book.pages["shopify:us:1077"].order == BookedOrder(erased=True)
    deliver(office, ANA, ANAS, "1077", NOW - timedelta(days=9), kept=False)
    page = office.book.pages["shopify:us:1077"]
    assert (page.order.buyer, page.order.placed and page.order.placed.person) == (None, None)
    assert str(page.order.placed and page.order.placed.value) == "59.90"
    told = {promise.reason for row, promise in page.promises.items() if row.startswith("klaviyo#")}
    assert told == {"erased"}


def test_open_promises_that_name_the_person_are_skipped() -> None:
    """Nothing is told any more; HubSpot's order stays promised, without a contact."""
    office = met(Office())
    asks(office)
    office.work(CASE)
    promises = office.book.pages["shopify:us:1001"].promises
    assert {(one.status, one.reason) for row, one in promises.items() if row != "hubspot#order"} == {
        ("skipped", "erased")
    }
    assert promises["hubspot#order"].status == "pending"


def test_an_order_that_changed_hands_loses_only_the_erased_one() -> None:
    """The buyer was corrected from Ana to Ben before: Ben's order stays Ben's."""
    office = met(Office())
    deliver(office, ANA, ANAS, "1003", NOW - timedelta(days=2))
    page = office.book.pages["shopify:us:1003"]
    placed = page.order.placed.model_copy(update={"person": BEN}) if page.order.placed else None
    order = page.order.model_copy(update={"placed": placed, "buyer": BEN})
    office.book.pages["shopify:us:1003"] = type(page)(page.subject, page.revision, order, page.promises)
    asks(office)
    office.work(CASE)
    assert (office.book.pages["shopify:us:1003"].order.buyer, left_of(office)) == (BEN, [])


def test_a_vendor_that_is_not_live_holds_up_no_other_and_keeps_the_request_open() -> None:
    """It says what it waits for; live again, it goes on."""
    office = met(Office(klaviyo_live=False))
    asks(office)
    case, due_at = office.desk().go_on(office.cases.cases[CASE])
    assert (case.state, case.waits) == ("waiting", {"klaviyo": "klaviyo is not live"})
    assert due_at == NOW + timedelta(hours=1)
    assert case.has_done("hubspot")
    assert case.has_done("orders")
    office.klaviyo_live = True
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_a_vendor_done_by_hand_ends_the_wait_and_stands_in_the_proof() -> None:
    """The operator did it in Klaviyo's own pages."""
    office = met(Office(klaviyo_live=False))
    asks(office)
    office.work(CASE, rounds=3)
    by_hand = tuple(StepDone(step=name, at=NOW, by_hand="Olga") for name in ("klaviyo", "check_klaviyo"))
    office.change(CASE, steps=(*office.cases.cases[CASE].steps, *by_hand), state="open")
    case = office.work(CASE)
    assert case.state == "done"
    assert [step.by_hand for step in case.steps if step.step == "klaviyo"] == ["Olga"]


def test_a_rate_limit_waits_as_long_as_the_vendor_asks() -> None:
    """Nothing is lost and nothing parked."""
    office = met(Office())
    office.klaviyo.errors = [PausedError("klaviyo 429", retry_after=30)]
    asks(office)
    case, due_at = office.desk().go_on(office.cases.cases[CASE])
    assert (case.state, due_at) == ("waiting", NOW + timedelta(seconds=30))
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_a_refusal_parks_the_request_with_its_reason() -> None:
    """Everything else is done; a person decides about the rest, and confirms."""
    office = met(Office())
    office.hubspot.errors = [PermanentError("hubspot 400 VALIDATION_ERROR")]
    asks(office)
    case = office.work(CASE)
    assert (case.state, case.reason) == ("parked", "hubspot: hubspot 400 VALIDATION_ERROR")
    assert case.has_done("klaviyo")
    office.change(CASE, state="open", reason=None, confirmed_at=office.now)
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_klaviyo_deletes_later_and_is_asked_until_it_did() -> None:
    """Read back some minutes later, again and again."""
    office = met(Office())
    office.klaviyo.lag = 4
    asks(office)
    case = office.work(CASE, rounds=30)
    assert (case.state, left_of(office)) == ("done", [])
    assert office.now > NOW + timedelta(minutes=30)


def test_a_vendor_that_never_deletes_parks_the_request_after_some_days() -> None:
    """Not for ever: a person must look."""
    office = met(Office())
    office.klaviyo.lag = 10_000_000
    asks(office)
    case = office.work(CASE, rounds=2000)
    assert (case.state, case.reason) == ("parked", "check_klaviyo: klaviyo still knows the person")
    assert office.now < NOW + timedelta(days=8)


def test_who_cannot_be_told_apart_waits_for_an_operator() -> None:
    """A phone that several share names nobody."""
    office = met(Office())
    asks(office, orders=())
    work = office.cases.cases[CASE].work
    assert work is not None
    office.change(CASE, work=work.model_copy(update={"named": (("phone", "+12025550111"),)}))
    assert office.work(CASE).state == "parked"
    assert office.people.profiles == [set(ANAS), set(BENS)]


def test_who_holds_an_address_that_was_named_beside_the_record_is_not_forgotten() -> None:
    """Ana's customer record was given Ben's address: her record says who is meant, also once it is marked."""
    office = met(Office())
    asks(office, person=ANA.model_copy(update={"email": BEN.email}))
    case = office.work(CASE)
    assert case.state == "done"
    assert office.people.profiles == [set(BENS)]
    assert office.book.pages["shopify:us:2001"].order.buyer == BEN
    assert not any(one in office.people.marks for one in BENS)


def test_who_joined_between_the_look_and_the_mark_is_forgotten_too() -> None:
    """A webhook gave Ana another record meanwhile."""
    office = met(Office())
    asks(office)
    before = office.people.identifiers_of_person
    looks = []

    def joined(named: Sequence[Identifier]) -> Sequence[Identifier]:
        looks.append(named)
        if len(looks) == 2:
            office.people.profiles[0].add(("own:wholesale", "990009"))
        return before(named)

    office.people.identifiers_of_person = joined  # type: ignore[method-assign] # a webhook in between
    case = office.work(CASE)
    assert (case.state, ("own:wholesale", "990009") in office.people.marks) == ("done", True)
    assert office.people.profiles == [set(BENS)]


def test_stores_that_nobody_asked_are_named() -> None:
    """Shopify asked for its own; Ben's other store does not know of it."""
    office = met(Office())
    asks(office, person=BEN, orders=())
    assert office.work(CASE).ask_by_hand == ("own:wholesale",)


def test_a_quarantined_delivery_about_somebody_else_stays() -> None:
    """A search in its text, for whole values."""
    office = met(Office())
    other = archived(office, "other", NOW - timedelta(days=3), '{"email":"susana@example.com","ref":"17700019"}')
    office.quarantine.entries.append(noted(other, "e8"))
    asks(office)
    office.work(CASE)
    assert [entry["envelope_id"] for entry in office.quarantine.entries] == ["e8"]
