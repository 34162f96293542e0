"""Bad input at the level of records: held, refused with a reason, or without effect; never permission."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from commerce_sync.consent import fold
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.contracts.consent import ConsentRecord, ConsentState
from pydantic import ValidationError

from tests.unit.consent.exhibits import correction, review
from tests.unit.consent.kinds import LATER, NOON, said

GOOD = said("strong_in", 0)


def asked(*records: ConsentRecord) -> ConsentState:
    """The shipped answer."""
    return fold(records, sender="a", at=LATER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "subscribe"},
        {"strength": "super_in"},
        {"channel": "push"},
        {"actor": "robot"},
        {"occurred_trust": "sure"},
        {"occurred_at": "yesterday"},
        {"occurred_at": datetime(2026, 3, 2)},  # noqa: DTZ001 # that is what is wrong with it
        {"received_at": None},
        {"record_id": ""},
        {"address_key": ""},
        {"purpose": ""},
        {"sender": ""},
        {"source": ""},
        {"subscribed": True},
    ],
    ids=str,
)
def test_what_is_no_record_cannot_be_made(wrong: dict[str, Any]) -> None:
    """An unknown value is refused where the record is made; the source makes a hold of it."""
    with pytest.raises(ValidationError):
        ConsentRecord.model_validate({**GOOD.model_dump(), **wrong})


@pytest.mark.parametrize(
    "foreign", [{"tenant": "other"}, {"address_key": "other"}, {"channel": "sms"}, {"purpose": "other"}], ids=str
)
def test_a_record_of_somebody_or_something_else_is_refused(foreign: dict[str, str]) -> None:
    """One tenant's or address's act never counts for another."""
    with pytest.raises(ValueError, match="folded together"):
        asked(GOOD, GOOD.model_copy(update=foreign))


@pytest.mark.parametrize("strength", ["verified_in", "strong_in"])
def test_an_opt_in_without_a_time_or_trust_is_weak(strength: Any) -> None:
    """However strong it claims to be."""
    assert asked(said(strength, None)).state == "weak"
    assert asked(said(strength, 0, occurred_trust="untrusted")).state == "weak"


@pytest.mark.parametrize("strength", ["hard_out", "pref_out", "info"])
def test_a_grant_that_contradicts_itself_is_held(strength: Any) -> None:
    """A person decides what it was."""
    assert asked(GOOD, said(strength, 60, action="grant")).state == "hold"


@pytest.mark.parametrize("strength", ["hard_out", "pref_out"])
def test_information_that_claims_to_be_an_opt_out_is_held(strength: Any) -> None:
    """Not sent to, not counted as a withdrawal."""
    assert asked(GOOD, said(strength, 60, action="info")).state == "hold"


@pytest.mark.parametrize("strength", ["verified_in", "strong_in", "weak_in", "info"])
def test_a_withdrawal_is_one_whatever_its_strength(strength: Any) -> None:
    """A lost opt-out is the worst that can happen."""
    assert asked(GOOD, said(strength, 60, action="withdraw")).state == "out"


def test_a_grant_that_ends_by_a_rule_nobody_wrote_is_held() -> None:
    """It may have ended."""
    assert asked(said("strong_in", 0, expires_rule="casl_lottery")).state == "hold"


def test_an_implied_grant_ends_by_its_rule_and_leaves_no_permission() -> None:
    """On the day after its last."""
    grant, life = said("strong_in", 0, expires_rule="casl_inquiry"), shipped_rules().expiry["casl_inquiry"]
    assert fold([grant], sender="a", at=NOON + life).state == "in"
    assert fold([grant], sender="a", at=NOON + life + timedelta(seconds=1)).state == "none"


def test_an_opt_in_of_the_future_counts_when_it_was_received_and_is_flagged() -> None:
    """It clears what was said before its receipt, and nothing after it."""
    tomorrow = said("verified_in", 60 * 24, received=30, record_id="tomorrow")
    assert asked(tomorrow).flags == ("clamped:tomorrow",)
    assert asked(tomorrow, said("pref_out", 20, source="shop")).state == "in"
    assert asked(tomorrow, said("pref_out", 40, source="shop")).state == "out"


def test_an_opt_out_of_the_future_does_not_outlast_a_later_opt_in() -> None:
    """It counts when it was received."""
    assert asked(said("pref_out", 60 * 24, received=30), said("strong_in", 60)).state == "in"


def test_a_naive_moment_is_refused() -> None:
    """Whoever asks says in which zone."""
    with pytest.raises(ValueError, match="at"):
        fold([GOOD], sender="a", at=datetime(2026, 3, 2))  # noqa: DTZ001 # that is what is wrong with it


def test_asked_about_all_brands_one_brand_that_is_out_is_enough() -> None:
    """All may write only where each may."""
    assert fold([GOOD], sender="*", at=LATER).state == "in"
    assert fold([GOOD, said("pref_out", 60, sender="b")], sender="*", at=LATER).state == "out"
    assert fold([said("strong_in", 0, sender="a")], sender="*", at=LATER).state == "none"


def test_what_no_correction_may_void_stays() -> None:
    """A person's own act, what staff wrote down, a correction, a review; nor does one person's correction."""
    own, staff = said("pref_out", 0), said("pref_out", 0, actor="staff", record_id="staff")
    system = said("pref_out", 0, actor="system", record_id="bulk")
    assert asked(own, correction(own.record_id)).state == "out"
    assert asked(staff, correction("staff")).state == "out"
    assert asked(system, correction("bulk", by=("Ana",))).state == "out"
    assert asked(system, correction("bulk", by=("Ana", "ANA ", ""))).state == "out"
    assert asked(system, correction("bulk")).state == "none"
    held = said("info", 5, action="hold", record_id="held")
    assert asked(GOOD, held, review(actor="system")).state == "hold"


@pytest.mark.parametrize(
    "evidence", [{}, {"voids": None}, {"voids": 7}, {"voids": {"bulk": 1}, "approved_by": 2}], ids=str
)
def test_a_correction_that_names_nothing_readable_voids_nothing(evidence: dict[str, Any]) -> None:
    """Nor does it break the fold."""
    system = said("pref_out", 0, actor="system", record_id="bulk")
    unreadable = correction().model_copy(update={"evidence": {"approved_by": ["Ana", "Ben"], **evidence}})
    assert asked(system, unreadable).state == "out"
