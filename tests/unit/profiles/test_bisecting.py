"""A batch with k bad of n: the good ones are delivered, the bad ones reported, within the calls that were promised."""

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil, log2

import pytest
from commerce_sync.errors import PausedError, PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.profiles.bisecting import sent
from hypothesis import given
from hypothesis import strategies as st

REFUSAL = RefusedByVendorError("klaviyo", 400, "invalid")


class Vendor:
    """Refuses a batch with a bad one in it, and names ``named`` of them at most."""

    def __init__(self, bad: set[int], named: int = 0) -> None:
        self.bad, self.named = bad, named
        self.calls = 0
        self.taken: list[int] = []
        self._last: Sequence[int] = ()

    def send(self, items: Sequence[int]) -> None:
        """One call."""
        self.calls += 1
        self._last = items
        if self.bad & set(items):
            raise REFUSAL
        self.taken += items

    def blamed(self, refusal: RefusedByVendorError) -> Mapping[int, PermanentError]:
        """Positions in the last call."""
        wrong = [at for at, item in enumerate(self._last) if item in self.bad]
        return dict.fromkeys(wrong[: self.named], refusal)


def worst(n: int, k: int) -> int:
    """The most calls that halving can take, whoever the bad ones are."""
    return 1 + (_refused(n, k) if k else 0)


@cache
def _refused(n: int, k: int) -> int:
    """The most calls after a refusal: where the first half is fine, the second is halved without a call."""
    if n == 1:
        return 0
    left, right = n // 2, n - n // 2
    ways = range(max(0, k - right), min(left, k) + 1)
    return max(worst(left, i) + worst(right, k - i) if i else 1 + _refused(right, k) for i in ways)


def bound(n: int, k: int) -> int:
    """What was promised."""
    return 1 + 2 * k * (ceil(log2(n / k)) + 1) if k else 1


def test_halving_never_takes_more_calls_than_promised() -> None:
    """For every n up to 300 and every k of them, wherever they stand."""
    assert [(n, k) for n in range(1, 301) for k in range(n + 1) if worst(n, k) > bound(n, k)] == []


@given(st.data())
def test_all_good_ones_are_delivered_and_all_bad_ones_reported(data: st.DataObject) -> None:
    """Within the worst case of the model above, so that the function is what the model is of."""
    n = data.draw(st.integers(1, 300))
    bad = data.draw(st.sets(st.integers(0, n - 1), max_size=n))
    vendor = Vendor(bad)
    errors = sent(range(n), vendor.send)
    assert errors == dict.fromkeys(bad, REFUSAL)
    assert sorted(vendor.taken) == [item for item in range(n) if item not in bad]
    assert vendor.calls <= worst(n, len(bad)) <= bound(n, len(bad))


@given(bad=st.sets(st.integers(0, 99)), named=st.integers(1, 100))
def test_whoever_is_named_costs_one_call_at_most(bad: set[int], named: int) -> None:
    """2 + k at most; two, where the vendor names all of them at once."""
    vendor = Vendor(bad, named)
    errors = sent(range(100), vendor.send, vendor.blamed)
    assert errors == dict.fromkeys(bad, REFUSAL)
    assert sorted(vendor.taken) == [item for item in range(100) if item not in bad]
    assert vendor.calls <= (2 if named >= len(bad) else 2 + len(bad))


@pytest.mark.parametrize(
    ("error", "calls"), [(PausedError("429", retry_after=7), 3), (RetriableError("503"), 4)], ids=["pause", "fault"]
)
def test_a_pause_ends_it_and_a_fault_does_not(error: RetriableError, calls: int) -> None:
    """Nothing more is sent once the vendor asks us to wait; what was not sent is tried again."""
    answers: list[Exception | None] = [REFUSAL, REFUSAL, error, None, None]
    made: list[int] = []

    def send(items: Sequence[int]) -> None:
        made.append(len(items))
        if answer := answers[len(made) - 1]:
            raise answer

    errors = sent(range(4), send)
    assert len(made) == calls + (not isinstance(error, PausedError))
    assert errors[0] is error
    assert (3 in errors) is isinstance(error, PausedError)


def test_a_refusal_of_the_call_blames_nobody_in_particular() -> None:
    """A 404 would be one for every half."""
    vendor = Vendor(set())
    gone = RefusedByVendorError("klaviyo", 404, "not_found")

    def send(items: Sequence[int]) -> None:
        vendor.calls += 1
        raise gone

    assert sent(range(9), send) == dict.fromkeys(range(9), gone)
    assert vendor.calls == 1
