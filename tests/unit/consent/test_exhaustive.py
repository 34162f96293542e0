"""Every small set of records, in every order: the shipped fold keeps its promises, and answers as the oracle does."""

from collections.abc import Callable, Mapping
from functools import cache
from itertools import permutations, product

import pytest
from commerce_sync.consent import fold
from commerce_sync.contracts.consent import Channel, ConsentRecord

from tests.unit.consent.exhibits import QUESTIONS
from tests.unit.consent.kinds import (
    LATER,
    MINUTES,
    OUTS,
    RECEIVED_LATE,
    SENDERS,
    STRENGTHS,
    STRONG,
    kinds,
    multisets,
    said,
    without_one,
)
from tests.unit.consent.oracle import expected

pytestmark = pytest.mark.long

Set = tuple[int, ...]
States = Mapping[Set, str]
FROM_LOW_TO_HIGH = ("out", "hold", "none", "weak", "pending", "in")
MULTISETS = 67_525
ORDERINGS = 620_000
KINDS = kinds("email")
NUMBERS = range(len(KINDS))
OUT = frozenset(n for n in NUMBERS if KINDS[n].strength in OUTS)
DATED_IN = frozenset(n for n in NUMBERS if KINDS[n].strength in STRONG and KINDS[n].occurred_at)
MINUTE = [MINUTES[n // len(SENDERS) % len(MINUTES)] for n in NUMBERS]
COUNTED = [RECEIVED_LATE if minute is None else minute for minute in MINUTE]
COVERING = {sender: frozenset(n for n in NUMBERS if KINDS[n].sender in {sender, "*"}) for sender in SENDERS}


def of(*strengths: str) -> frozenset[int]:
    """The numbers of the kinds of some strengths."""
    return frozenset(n for n in NUMBERS if KINDS[n].strength in strengths)


HARD, VERIFIED = of("hard_out"), of("verified_in")
NO_CONSENT = of("weak_in", "info")
UNDATED_IN = frozenset(n for n in of(*STRONG) if MINUTE[n] is None)
PER_STRENGTH = len(MINUTES) * len(SENDERS)


@cache
def states(channel: Channel, sender: str, longest: int = 3) -> States:
    """The shipped answer for every multiset."""
    records = kinds(channel)
    return {
        some: fold([records[n] for n in some], sender=sender, at=LATER).state for some in multisets(NUMBERS, longest)
    }


def an_opt_out_only_lowers(table: States, some: Set, _concerns: frozenset[int]) -> bool:
    """Whatever else there is, one opt-out more never raises the answer."""
    rank = FROM_LOW_TO_HIGH.index
    return all(rank(table[some]) <= rank(table[rest]) for one, rest in without_one(some) if one in OUT)


def weak_never_resurrects(table: States, some: Set, _concerns: frozenset[int]) -> bool:
    """A weak signal makes WEAK of NONE, and nothing of anything else; no information makes nothing at all."""
    return all(
        table[some] == table[rest] or (table[rest], table[some], KINDS[one].strength) == ("none", "weak", "weak_in")
        for one, rest in without_one(some)
        if one in NO_CONSENT
    )


def a_tie_is_out(table: States, some: Set, concerns: frozenset[int]) -> bool:
    """Where no opt-in is newer than the newest opt-out."""
    outs = [COUNTED[n] for n in some if n in OUT & concerns]
    grants = [COUNTED[n] for n in some if n in DATED_IN & concerns]
    return not outs or max(grants, default=0) > max(outs) or table[some] == "out"


def brands_keep_to_themselves(table: States, some: Set, concerns: frozenset[int]) -> bool:
    """Only what concerns a brand decides for it: another's opt-in gives it nothing."""
    return table[some] == table[tuple(n for n in some if n in concerns)]


def an_undated_opt_out_counts_when_it_was_received(table: States, some: Set, concerns: frozenset[int]) -> bool:
    """Only an opt-in later than that clears it."""
    undated = any(n in OUT & concerns and MINUTE[n] is None for n in some)
    is_cleared = any(n in DATED_IN & concerns and COUNTED[n] > RECEIVED_LATE for n in some)
    return not undated or is_cleared or table[some] == "out"


def an_undated_opt_in_is_weak(table: States, some: Set, _concerns: frozenset[int]) -> bool:
    """It is as an import of it would be."""
    weak = STRENGTHS.index("weak_in") * PER_STRENGTH
    as_import = tuple(sorted(weak + n % PER_STRENGTH if n in UNDATED_IN else n for n in some))
    return table[some] == table[as_import]


def a_hard_opt_out_yields_to_a_verified_opt_in_only(table: States, some: Set, concerns: frozenset[int]) -> bool:
    """Nothing else clears it."""
    is_verified = any(n in DATED_IN & VERIFIED & concerns for n in some)
    return is_verified or not any(n in HARD & concerns for n in some) or table[some] == "out"


PROPERTIES: tuple[Callable[[States, Set, frozenset[int]], bool], ...] = (
    an_opt_out_only_lowers,
    weak_never_resurrects,
    a_tie_is_out,
    brands_keep_to_themselves,
    an_undated_opt_out_counts_when_it_was_received,
    an_undated_opt_in_is_weak,
    a_hard_opt_out_yields_to_a_verified_opt_in_only,
)


def concerning(channel: Channel, sender: str) -> frozenset[int]:
    """What concerns a brand: its own, what is for all, and STOP by phone whoever it was said to."""
    return COVERING[sender] | (HARD if channel == "sms" else frozenset())


def test_there_are_as_many_kinds_and_multisets_as_promised() -> None:
    """Six strengths, three times and none, two brands and all."""
    assert len({one.record_id for one in KINDS}) == 72
    assert len(states("email", "a")) == MULTISETS


@pytest.mark.parametrize(("channel", "sender"), QUESTIONS)
@pytest.mark.parametrize("holds", PROPERTIES, ids=lambda one: one.__name__)
def test_a_property_holds_for_every_multiset(
    holds: Callable[[States, Set, frozenset[int]], bool], channel: Channel, sender: str
) -> None:
    """Up to three of 72 kinds."""
    table, concerns = states(channel, sender), concerning(channel, sender)
    assert [some for some in table if not holds(table, some, concerns)] == []


@pytest.mark.parametrize(("channel", "sender"), QUESTIONS)
def test_the_oracle_agrees_on_every_multiset(channel: Channel, sender: str) -> None:
    """Written from the facts' text, by other means."""
    records = kinds(channel)
    wrong = [
        some for some, state in states(channel, sender).items() if expected([records[n] for n in some], sender) != state
    ]
    assert wrong == []


def test_order_and_repeats_change_nothing_for_every_multiset() -> None:
    """The whole answer, of every order, and of everything said twice."""
    records = kinds("sms")
    for some in multisets(NUMBERS, 3):
        chosen = [records[n] for n in some]
        first = fold(chosen, sender="a", at=LATER)
        assert all(fold(order, sender="a", at=LATER) == first for order in list(permutations(chosen))[1:])
        assert fold([*chosen, *chosen], sender="a", at=LATER) == first


def dozen() -> list[ConsentRecord]:
    """Four kinds at three times, an opt-out without a time, an import and a text that nobody understood."""
    timed = [said(strength, minute) for strength in (*OUTS, *STRONG) for minute in MINUTES[:3]]
    return [*timed, said("pref_out", None), said("weak_in", 60), said("info", 5, action="hold")]


def orderings(longest: int) -> int:
    """Compare every ordering of every multiset with the multiset's answer; how many there were."""
    events, count = dozen(), 0
    answers = {some: _decided([events[n] for n in some]) for some in multisets(range(len(events)), longest)}
    for size in range(longest + 1):
        for order in product(range(len(events)), repeat=size):
            assert _decided([events[n] for n in order]) == answers[tuple(sorted(order))], order
            count += 1
    assert all(answer[0] == expected([events[n] for n in some], "a") for some, answer in answers.items())
    return count


def _decided(records: list[ConsentRecord]) -> tuple[str, tuple[str, ...]]:
    state = fold(records, sender="a", at=LATER)
    return state.state, state.record_ids


def test_every_ordering_of_up_to_five_records_means_the_same() -> None:
    """Over more than four kinds at three times."""
    assert orderings(5) > ORDERINGS


@pytest.mark.soak
def test_every_ordering_of_up_to_six_records_means_the_same() -> None:
    """Twelve million."""
    assert orderings(6) > 10 * ORDERINGS


@pytest.mark.soak
@pytest.mark.parametrize(("channel", "sender"), QUESTIONS)
def test_every_multiset_of_four_keeps_every_property(channel: Channel, sender: str) -> None:
    """1,282,975 more of them."""
    table, concerns, records = states(channel, sender, 4), concerning(channel, sender), kinds(channel)
    for some, state in table.items():
        assert all(holds(table, some, concerns) for holds in PROPERTIES), some
        assert expected([records[n] for n in some], sender) == state, some
