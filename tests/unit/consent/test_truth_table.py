"""Every cell of the truth table: what is known, what arrives, and what follows for the sender asked about."""

from datetime import timedelta

import pytest
from commerce_sync.consent import fold
from commerce_sync.contracts.consent import ConsentRecord, ConsentState, Strength

from tests.unit.consent.kinds import LATER, NOON, STRENGTHS, said
from tests.unit.consent.oracle import expected

KNOWN: dict[str, tuple[list[ConsentRecord], int | None]] = {
    "none": ([], 60),
    "weak": ([said("weak_in", 0)], 60),
    "verified in, arriving later": ([said("verified_in", 0)], 60),
    "strong in, arriving later": ([said("strong_in", 0)], 60),
    "verified in, arriving earlier": ([said("verified_in", 60)], 0),
    "strong in, arriving earlier": ([said("strong_in", 60)], 0),
    "verified in, arriving at the same time": ([said("verified_in", 60)], 60),
    "strong in, arriving at the same time": ([said("strong_in", 60)], 60),
    "verified in, arriving within the skew": ([said("verified_in", 60, source="elsewhere")], 56),
    "strong in, arriving within the skew": ([said("strong_in", 60, source="elsewhere")], 56),
    "verified in, arriving without a time": ([said("verified_in", 30)], None),
    "strong in, arriving without a time": ([said("strong_in", 30)], None),
    "pref out, arriving later": ([said("pref_out", 0)], 60),
    "hard out, arriving later": ([said("hard_out", 0)], 60),
    "pref out, arriving earlier": ([said("pref_out", 60)], 0),
    "pref out, arriving at the same time": ([said("pref_out", 60)], 60),
    "pref out, arriving without a time": ([said("pref_out", 20)], None),
    "hard out, arriving earlier": ([said("hard_out", 60)], 0),
    "hard out, arriving at the same time": ([said("hard_out", 60)], 60),
    "hard out, arriving without a time": ([said("hard_out", 20)], None),
    "hold": ([said("info", 0, action="hold")], 60),
}
TABLE = {
    #                                          hard   pref   verified strong weak    info
    "none": "                                  out    out    in       in     weak    none",
    "weak": "                                  out    out    in       in     weak    weak",
    "verified in, arriving later": "           out    out    in       in     in      in",
    "strong in, arriving later": "             out    out    in       in     in      in",
    "verified in, arriving earlier": "         in     in     in       in     in      in",
    "strong in, arriving earlier": "           out    in     in       in     in      in",
    "verified in, arriving at the same time": "out    out    in       in     in      in",
    "strong in, arriving at the same time": "  out    out    in       in     in      in",
    "verified in, arriving within the skew": " out    out    in       in     in      in",
    "strong in, arriving within the skew": "   out    out    in       in     in      in",
    "verified in, arriving without a time": "  out    out    in       in     in      in",
    "strong in, arriving without a time": "    out    out    in       in     in      in",
    "pref out, arriving later": "              out    out    in       in     out     out",
    "hard out, arriving later": "              out    out    in       out    out     out",
    "pref out, arriving earlier": "            out    out    out      out    out     out",
    "pref out, arriving at the same time": "   out    out    out      out    out     out",
    "pref out, arriving without a time": "     out    out    out      out    out     out",
    "hard out, arriving earlier": "            out    out    out      out    out     out",
    "hard out, arriving at the same time": "   out    out    out      out    out     out",
    "hard out, arriving without a time": "     out    out    out      out    out     out",
    "hold": "                                  out    out    hold     hold   hold    hold",
}
CELLS = [
    (known, strength, state)
    for known, row in TABLE.items()
    for strength, state in zip(STRENGTHS, row.split(), strict=True)
]
HOUR = timedelta(hours=1)


def asked(*records: ConsentRecord, sender: str = "a") -> ConsentState:
    """The shipped answer."""
    return fold(records, sender=sender, at=LATER)


@pytest.mark.parametrize(("known", "arriving", "state"), CELLS, ids=str)
def test_a_cell_of_the_table(known: str, arriving: Strength, state: str) -> None:
    """The answer is the table's, in both orders of arrival, and the one of the rules read anew."""
    before, minute = KNOWN[known]
    event = said(arriving, minute, record_id="arriving")

    assert asked(*before, event).state == state
    assert asked(event, *before).state == state
    assert expected([*before, event], "a") == state


def test_an_unverified_opt_in_after_a_hard_out_waits_for_a_confirmation() -> None:
    """Out, and it is worth asking; after a pref out on top it is not."""
    stop, form = said("hard_out", 0), said("strong_in", 60)
    assert asked(stop, form).awaits_confirmation
    assert not asked(stop).awaits_confirmation
    assert not asked(stop, form, said("pref_out", 90)).awaits_confirmation


def test_by_sms_an_unverified_opt_in_waits_where_it_was_typed_at_a_checkout() -> None:
    """PENDING until YES; a form's own tick does not wait."""
    typed = said("strong_in", 0, channel="sms", method="checkout")
    assert (asked(typed).state, asked(typed).awaits_confirmation) == ("pending", True)
    assert asked(typed, said("verified_in", 10, channel="sms")).state == "in"
    assert asked(said("strong_in", 0, channel="sms", method="form")).state == "in"


def test_an_overridden_confirmation_confirms_nothing_new() -> None:
    """YES, then an opt-out, then a checkout's tick: it needs a YES of its own."""
    yes, out = said("verified_in", 0, channel="sms"), said("pref_out", 30, channel="sms")
    again = said("strong_in", 60, channel="sms", method="checkout")
    assert asked(yes, out, again).state == "pending"
    assert asked(yes, again).state == "in"


@pytest.mark.parametrize("country", ["DE", "AT", "de"])
def test_email_of_germany_and_austria_is_confirmed_first(country: str) -> None:
    """Double opt-in there."""
    assert asked(said("strong_in", 0, country=country)).state == "pending"
    assert asked(said("strong_in", 0, country="FR")).state == "in"


def test_each_opt_out_may_be_cleared_by_another_opt_in() -> None:
    """One on each clock: the newest of all clears only its own."""
    outs = said("pref_out", 60), said("pref_out", 58, source="handset", record_id="by phone")
    clears_both = said("strong_in", 61), said("strong_in", 59, source="handset", record_id="start")
    assert asked(*outs, *clears_both).state == "in"
    assert asked(*outs, clears_both[0]).state == "out"
    assert asked(*outs, clears_both[1]).state == "out"


def test_a_start_two_minutes_after_stop_on_one_clock_is_in_and_across_clocks_out() -> None:
    """The facts' own pair."""
    assert asked(said("hard_out", 0), said("verified_in", 2)).state == "in"
    assert asked(said("pref_out", 0, source="klaviyo"), said("strong_in", 2, source="popup")).state == "out"


@pytest.mark.parametrize(("minute", "state"), [(4, "out"), (5, "out"), (6, "in")])
def test_across_clocks_an_opt_in_is_later_by_more_than_five_minutes(minute: int, state: str) -> None:
    """Exactly the skew is a tie."""
    assert asked(said("pref_out", 0), said("verified_in", minute)).state == state


def test_the_answer_names_what_decided() -> None:
    """The records, the rules, the newest act's time and source, and the latest of each kind."""
    out, form = said("pref_out", 0), said("strong_in", 60)
    state = asked(out, form, said("weak_in", 70))
    assert (state.record_ids, state.since, state.source) == ((form.record_id,), NOON + HOUR, "shop")
    assert (state.opted_in_at, state.opted_out_at) == (NOON + HOUR, NOON)
    assert state.rule_version


def test_a_review_to_out_of_one_brand_is_an_opt_out_for_all_of_them_at_once() -> None:
    """All may write only where each may; what a person decided back for one brand opens no other."""
    opted_in = said("strong_in", 0, sender="*")
    out = said("pref_out", 60, action="review", actor="staff", sender="a")
    assert fold([opted_in, out], sender="*", at=LATER).state == "out"
    assert fold([opted_in, out], sender="b", at=LATER).state == "in"
    held = said("info", 30, action="hold", sender="*")
    back = said("info", 60, action="review", actor="staff", sender="a")
    assert fold([opted_in, held, back], sender="*", at=LATER).state == "hold"
    assert fold([opted_in, held, back], sender="a", at=LATER).state == "in"
