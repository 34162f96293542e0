"""Two workers whose reads and writes interleave in any way end where one worker would have."""

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat

import pytest
from commerce_sync.errors import RetriableError
from commerce_sync.identity.policy import Policy
from commerce_sync.identity.resolution import Observation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.identity_book import IdentityBookInMemory, Stepwise
from tests.unit.identity.beside_the_reference import (
    Clock,
    Known,
    Worker,
)
from tests.unit.identity.strategies import EMAILS, PHONES, RECORDS, START, observations, policies
from tests.unit.identity.whole_books import assert_the_book_is_whole, assert_the_history_leads_to_now

PATIENCE = 20
"""Seconds until a worker that does not come to its next step is a failure."""


class Stepping:
    """A thread that goes on by one step of its book at a time, and only when told to."""

    def __init__(self, work: Callable[["Stepping"], None]) -> None:
        self._go, self._waits = threading.Semaphore(0), threading.Semaphore(0)
        self._failure: BaseException | None = None
        self.done = False
        self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
        self._thread.start()
        assert self._waits.acquire(timeout=PATIENCE)

    def pause(self) -> None:
        """Wait, as the thread, for the next turn."""
        self._waits.release()
        assert self._go.acquire(timeout=PATIENCE)

    def step(self) -> None:
        """Let the thread go on to its next step, or to its end."""
        self._go.release()
        assert self._waits.acquire(timeout=PATIENCE)
        if self._failure is not None:
            raise self._failure

    def _run(self, work: Callable[["Stepping"], None]) -> None:
        try:
            self.pause()
            work(self)
        except BaseException as failure:  # noqa: BLE001 - it is raised again where the thread is stepped
            self._failure = failure
        self.done = True
        self._waits.release()


def work_through(worker: Worker, batches: Sequence[Sequence[Observation]]) -> None:
    """Deliver each batch until it is taken."""
    for batch in batches:
        for _ in range(50):
            try:
                worker.resolver.absorb(batch)
                break
            except RetriableError:
                continue
        else:
            pytest.fail("a worker never came through")


def interleave(
    policy: Policy,
    before: Sequence[Observation],
    shifts: Sequence[Sequence[Sequence[Observation]]],
    turns: Sequence[int],
) -> IdentityBookInMemory:
    """Run one worker for each shift over one book; ``turns`` say who makes the next step."""
    book, clock = IdentityBookInMemory(), Clock()
    work_through(Worker(policy, book, "first-", clock), [before] if before else [])
    threads = [
        Stepping(
            lambda thread, name=number, shift=shift: work_through(  # type: ignore[misc]
                Worker(policy, Stepwise(book, thread.pause), f"{name}-", clock), shift
            )
        )
        for number, shift in enumerate(shifts)
    ]
    order: Iterator[int] = chain(turns, *repeat(range(len(threads)), 10_000))
    while not all(thread.done for thread in threads):
        chosen = threads[next(order) % len(threads)]
        if not chosen.done:
            chosen.step()
    return book


def assert_the_end_is_the_same(policy: Policy, said: Sequence[Observation], book: IdentityBookInMemory) -> None:
    """The pointers tell what the facts fold to, and nobody points at two profiles."""
    known = Known(policy)
    for one in said:
        known.observe(one)
    assert Worker(policy, book).profiles(known.identifiers) == known.profiles()
    assert_the_book_is_whole(book, known.identifiers)
    assert_the_history_leads_to_now(book)


shifts = st.lists(st.lists(observations, min_size=1, max_size=2), min_size=1, max_size=4)
turn_lists = st.lists(st.integers(0, 2), max_size=40)


def live_through(
    policy: Policy, before: list[Observation], both: list[list[list[Observation]]], turns: list[int]
) -> None:
    """One random race, and its end."""
    book = interleave(policy, before, both, turns)
    assert_the_end_is_the_same(policy, [*before, *chain.from_iterable(chain.from_iterable(both))], book)


@settings(max_examples=800, suppress_health_check=[HealthCheck.too_slow])
@given(
    policy=policies,
    before=st.lists(observations, max_size=8),
    both=st.lists(shifts, min_size=2, max_size=3),
    turns=turn_lists,
)
def test_any_interleaving_ends_as_the_facts_fold(
    policy: Policy, before: list[Observation], both: list[list[list[Observation]]], turns: list[int]
) -> None:
    """Two or three workers, any facts, any order of their steps."""
    live_through(policy, before, both, turns)


@pytest.mark.soak
@settings(max_examples=50_000, suppress_health_check=[HealthCheck.too_slow])
@given(
    policy=policies,
    before=st.lists(observations, max_size=20),
    both=st.lists(shifts, min_size=2, max_size=3),
    turns=turn_lists,
)
def test_any_interleaving_ends_as_the_facts_fold_for_a_long_time(
    policy: Policy, before: list[Observation], both: list[list[list[Observation]]], turns: list[int]
) -> None:
    """The same, for long."""
    live_through(policy, before, both, turns)


@pytest.mark.parametrize("turns", range(1 << 10), ids=str)
def test_two_first_deliveries_about_one_person_make_one_profile(turns: int) -> None:
    """An order and a customer at the same moment: each way to interleave ten steps of two workers."""
    order = Observation(center=RECORDS[0], others=(EMAILS[0], PHONES[0]), at=START, by="shopify:us")
    customer = Observation(center=RECORDS[-1], others=(EMAILS[0],), at=START, by="klaviyo")
    book = interleave(Policy(), [], [[[order]], [[customer]]], [turns >> step & 1 for step in range(10)])
    assert_the_end_is_the_same(Policy(), [order, customer], book)
    assert len({pointer.profile_id for pointer in book.pointing.values()}) == 1
