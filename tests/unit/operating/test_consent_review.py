"""``review``: what waits is listed without addresses, and a person's decision ends it, never to IN."""

import json
from datetime import timedelta
from typing import Any

import pytest
from commerce_sync.contracts.consent import Address

from tests.fakes.consent_office import ANA, BO, WORDS, Office
from tests.fakes.consent_world import START, record

TEXT = {"keyword_class": "HOLD", "text": "cancel my order, ana@example.com"}


def opted_in_and_held(office: Office, **more: Any) -> None:
    """Somebody who opted in, and then sent an unclear text."""
    office.hear(ANA, record("in", "strong_in", START - timedelta(days=40), ANA, method="form"))
    held = {"action": "hold", "method": "free_text", "evidence": TEXT, **more}
    office.hear(ANA, record("held", "info", START - timedelta(days=1), ANA, **held))


def pending(office: Office) -> None:
    """Somebody whose opt-in by phone at checkout nobody confirmed."""
    office.hear(BO, record("ticked", "strong_in", START - timedelta(days=3), BO, method="checkout"))


def test_what_waits_is_listed_with_its_reason_and_no_address() -> None:
    """Masked, with the class of the text but not the text, and with what each decision would make of it."""
    office = Office()
    opted_in_and_held(office)
    told = office.review()

    (one,) = told["addresses"]
    assert told["waiting"] == {"hold": 1, "conflict": 0, "pending": 0}
    assert one["address"] == "a***@e***.com"
    assert one["since"] == (START - timedelta(days=1)).isoformat()
    assert one["why"][0]["records"][0]["evidence"] == {"keyword_class": "HOLD", "text": "***"}
    assert one["why"][0]["sentence"].startswith("HOLD: sent a message on 2026-11-27 10:00 UTC")
    assert one["decisions"] == {"out": {"marketing": "out"}, "release": {"marketing": "in"}}
    assert "ana@example.com" not in json.dumps(told)


def test_an_address_is_shown_when_it_is_asked_for() -> None:
    """With the text that has to be read."""
    office = Office()
    opted_in_and_held(office)
    (one,) = office.review(show=True)["addresses"]

    assert one["address"] == "ana@example.com"
    assert one["why"][0]["records"][0]["evidence"] == TEXT


def test_holds_come_before_what_its_own_holder_may_confirm_and_the_longest_wait_first() -> None:
    """However old an unconfirmed opt-in is."""
    office = Office()
    pending(office)
    opted_in_and_held(office)
    others: list[Address] = [("email", f"{name}@example.com") for name in ("bea", "cy")]
    for days, address in enumerate(others, 2):
        office.hear(address, record(f"held-{days}", "info", START - timedelta(days=days), address, action="hold"))
    told = office.review()

    assert [one["address"] for one in told["addresses"]] == [
        "c***@e***.com",
        "b***@e***.com",
        "a***@e***.com",
        "+1*****0101",
    ]
    assert told["cursor"] is None


def test_the_list_is_read_in_pages_and_misses_nobody() -> None:
    """Each page says where the next begins; also where many wait since the same moment."""
    office = Office()
    pending(office)
    addresses: list[Address] = [("email", f"person{number}@example.com") for number in range(7)]
    for number, address in enumerate(addresses):
        office.hear(address, record(f"held-{number}", "info", START - timedelta(days=2), address, action="hold"))
    seen: list[str] = []
    told = office.review(limit=3)
    seen += [one["key"] for one in told["addresses"]]
    while told["cursor"]:
        told = office.review(limit=3, cursor=told["cursor"])
        seen += [one["key"] for one in told["addresses"]]

    assert len(seen) == len(set(seen)) == 8
    assert [one["key"] for one in office.review(waits="pending")["addresses"]] == seen[-1:]


def test_a_hold_that_was_an_opt_out_is_told_to_every_destination() -> None:
    """The rows are due at once, for the dispatcher; who decided and why stays in the record."""
    office = Office()
    opted_in_and_held(office)
    told = office.review(address="Ana@example.com", decide="out", **WORDS)
    row = office.row(ANA, "klaviyo")

    assert told["states"] == {"marketing": "out"}
    assert not told["still_waits"]
    assert "shopify:us" in told["to_be_told"]
    assert (row.status, row.urgent, row.due_at) == ("pending", True, START)
    review = office.world.ledger.chains[ANA].records[-1]
    assert (review.action, review.strength, review.actor) == ("review", "pref_out", "staff")
    assert review.evidence == {"decides": ["held"], **WORDS}
    office.world.rest()
    assert office.world.standing(ANA) == "out"


def test_a_hold_that_was_none_gives_the_address_back_to_its_other_records() -> None:
    """And only what was shown to the person is decided: a hold that comes in later waits anew."""
    office = Office()
    opted_in_and_held(office)
    told = office.review(key=office.review()["addresses"][0]["key"], decide="release", **WORDS)

    assert told["states"] == {"marketing": "in"}
    office.hear(ANA, record("held again", "info", START + timedelta(minutes=1), ANA, action="hold"))
    assert office.world.state(ANA) == "hold"


def test_a_decision_is_asked_for_once() -> None:
    """Then nothing waits there any more, and the error says so without the address."""
    office = Office()
    opted_in_and_held(office)
    office.review(address=ANA[1], decide="out", **WORDS)
    with pytest.raises(ValueError, match="nothing waits for a person there") as error:
        office.review(address=ANA[1], decide="out", **WORDS)
    assert ANA[1] not in str(error.value)
    assert len(office.world.ledger.chains[ANA].records) == 3


@pytest.mark.parametrize("decision", ["in", "confirm", "confirmed"])
def test_nobody_at_a_desk_can_opt_somebody_in(decision: str) -> None:
    """R2 and R3: only the address's own holder can."""
    office = Office()
    pending(office)
    with pytest.raises(ValueError, match="only the person can"):
        office.review(address=BO[1], decide=decision, **WORDS)


def test_what_is_pending_stays_so_when_it_is_released_with_a_note() -> None:
    """Nothing is raised by it."""
    office = Office()
    pending(office)
    told = office.review(address=BO[1], decide="release", **WORDS)

    assert told["states"] == {"marketing": "pending"}
    assert told["still_waits"]
    assert office.world.ledger.chains[BO].records[-1].action == "info"


def test_what_is_pending_ends_as_an_opt_out_at_the_person_s_request() -> None:
    """A withdrawal that staff wrote down, for every brand."""
    office = Office()
    pending(office)
    told = office.review(address=BO[1], decide="out", **WORDS)
    written = office.world.ledger.chains[BO].records[-1]

    assert told["states"] == {"marketing": "out"}
    assert not told["still_waits"]
    assert (written.action, written.strength, written.sender) == ("withdraw", "pref_out", "*")


def test_a_stop_with_a_later_tick_is_closed_for_good_by_the_person_s_word() -> None:
    """It waited for a confirmation that the person does not want to give."""
    office = Office()
    office.hear(BO, record("stop", "hard_out", START - timedelta(days=5), BO, method="keyword"))
    pending(office)
    assert office.review()["waiting"]["pending"] == 1
    assert not office.review(address=BO[1], decide="out", **WORDS)["still_waits"]
    assert office.review()["waiting"]["pending"] == 0


def test_holds_of_several_purposes_are_each_decided_where_they_stand() -> None:
    """One record for the holds of each purpose: none is decided for another."""
    office = Office()
    opted_in_and_held(office)
    office.hear(ANA, record("held for all", "info", START, ANA, action="hold", purpose="*"))
    told = office.review(address=ANA[1], decide="release", **WORDS)

    assert told["new"] == 2
    assert {one.purpose for one in office.world.ledger.chains[ANA].records[-2:]} == {"marketing", "*"}
    assert told["states"] == {"marketing": "in"}


@pytest.mark.parametrize(("decision", "standing"), [("out", "out"), ("release", "in")])
def test_a_conflict_of_systems_is_decided_like_a_hold(decision: str, standing: str) -> None:
    """It is counted apart: one system showed an open subscription, the other an opt-out without a date."""
    office = Office()
    office.hear(ANA, record("in", "strong_in", START - timedelta(days=40), ANA, method="form"))
    undated = {"action": "hold", "method": "baseline_conflict", "source": "hubspot:main"}
    office.hear(ANA, record("undated", "info", START, ANA, **undated))
    assert office.review()["waiting"] == {"hold": 0, "conflict": 1, "pending": 0}
    assert office.review(address=ANA[1], decide=decision, **WORDS)["states"] == {"marketing": standing}
    assert office.review()["addresses"] == []


def test_somebody_who_was_erased_is_not_decided_about() -> None:
    """There is no address any more that anybody could write to."""
    office = Office()
    opted_in_and_held(office)
    (one,) = office.review()["addresses"]
    office.ledger.erased.add(one["key"])
    with pytest.raises(ValueError, match="erased"):
        office.review(key=one["key"], decide="out", **WORDS)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"decide": "out", **WORDS}, "either an address or a key"),
        ({"decide": "maybe", "address": ANA[1], **WORDS}, "decide is one of out, release"),
        ({"decide": "out", "address": "ana", **WORDS}, "neither an email address"),
        ({"decide": "out", "address": ANA[1], "by": "", "why": "x"}, "by is a text"),
        (
            {"decide": "out", "address": ANA[1], "by": "kim", "why": "wrote from ana@example.com"},
            "do not write addresses",
        ),
        ({"limit": 0}, "limit is a whole number"),
        ({"waits": "forever"}, "waits is one of"),
        ({"cursor": "nonsense"}, "cursor is what the list before said"),
    ],
)
def test_arguments_that_say_nothing_are_refused_in_words(arguments: dict[str, Any], error: str) -> None:
    """What was wrong, and no address in it."""
    office = Office()
    opted_in_and_held(office)
    with pytest.raises(ValueError, match=error) as raised:
        office.review(**arguments)
    assert "@" not in str(raised.value)


def test_show_is_true_or_false() -> None:
    """Nothing is unmasked because a word was taken for yes."""
    with pytest.raises(TypeError, match="true or false"):
        Office().review(show="yes")


def test_rows_that_are_stuck_are_listed_with_why() -> None:
    """Masked as well."""
    office = Office()
    office.world.is_braked = True
    office.hear(ANA, record("import", "pref_out", START, ANA, actor="system", source="import:legacy"))
    braked = office.review()["rows"]["braked"]

    assert braked["count"] == 3
    assert braked["first"][0]["address"] == "a***@e***.com"
    assert "operations brake" in braked["first"][0]["says"]
