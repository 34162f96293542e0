"""A run is read in stretches: killed, repeated, paused or slow, it ends with every record in its spool."""

from collections.abc import Callable, Sequence
from itertools import count

import pytest
from commerce_sync.contracts.duplicates import AuditStep
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.reading import MOST_PARTS, MOST_WAITS, EndlessRunError, read_on
from commerce_sync.errors import PausedError, RetriableError
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.duplicates import entry

FIRST = AuditStep(schema_version=1, run_id="20261122T031700Z", system="hubspot")
ALWAYS: Callable[[], bool] = lambda: True  # noqa: E731 # shorter than its name


class Account:
    """Records in pages of two by ascending id, as HubSpot's list. ``failures`` are raised first, one a call."""

    def __init__(self, records: Sequence[int], failures: Sequence[RetriableError | None] = ()) -> None:
        self.records = list(records)
        self.failures = list(failures)

    def page(self, cursor: str | None) -> tuple[list[Entry], str | None]:
        """A page, or the next failure."""
        failure = self.failures.pop(0) if self.failures else None
        if failure:
            raise failure
        rest = [record for record in sorted(self.records) if record > int(cursor or 0)]
        entries = [entry(str(record)) for record in rest[:2]]
        return entries, entries[-1].record if len(rest) > 2 else None


def spooled(spool: dict[str, str]) -> set[str]:
    """The records in a spool."""
    return {line.split('"')[1] for lines in spool.values() for line in lines.splitlines()}


def to_the_end(
    account: Account, spool: dict[str, str], step: AuditStep, has_time: Callable[[], bool]
) -> list[AuditStep]:
    """Each step on the way, the last one being the grouping."""
    steps = [step]
    while steps[-1].stage == "reading":
        steps.append(read_on(steps[-1], account.page, spool.__setitem__, has_time)[0])
    return steps


def test_a_run_ends_when_every_page_is_read() -> None:
    """With time enough, in one stretch."""
    spool: dict[str, str] = {}
    steps = to_the_end(Account(range(1, 50)), spool, FIRST, ALWAYS)
    assert [step.stage for step in steps] == ["reading", "grouping"]
    assert spooled(spool) == {str(record) for record in range(1, 50)}


def test_an_empty_account_is_a_run_too() -> None:
    """Nothing is spooled, and the report will say so."""
    spool: dict[str, str] = {}
    assert to_the_end(Account([]), spool, FIRST, ALWAYS)[-1].stage == "grouping"
    assert spool == {}


def test_without_time_one_page_is_read_and_the_next_message_goes_on() -> None:
    """A run never stands still."""
    spool: dict[str, str] = {}
    steps = to_the_end(Account(range(1, 10)), spool, FIRST, lambda: False)
    assert [step.cursor for step in steps] == [None, "2", "4", "6", "8", None]
    assert [step.part for step in steps] == [0, 1, 2, 3, 4, 5]


def test_a_pause_keeps_what_was_read_and_waits_as_long_as_it_was_told() -> None:
    """429 after the first page: its lines are spooled, the next message is held back."""
    spool: dict[str, str] = {}
    account = Account(range(1, 7), [None, PausedError("hubspot 429", retry_after=10)])
    step, delay = read_on(FIRST, account.page, spool.__setitem__, ALWAYS)
    assert (step.cursor, step.waits, delay) == ("2", 1, 11)
    assert spooled(spool) == {"1", "2"}
    to_the_end(account, spool, step, ALWAYS)
    assert spooled(spool) == {"1", "2", "3", "4", "5", "6"}


def test_a_pause_of_a_day_is_waited_for_in_pieces() -> None:
    """SQS holds a message back for a quarter of an hour at most; each asks again."""
    account = Account([1], [PausedError("hubspot 429", retry_after=86_400), PausedError("hubspot 429")])
    step, delay = read_on(FIRST, account.page, dict[str, str]().__setitem__, ALWAYS)
    assert (step, delay) == (FIRST.model_copy(update={"waits": 1}), 900)
    step, delay = read_on(step, account.page, dict[str, str]().__setitem__, ALWAYS)
    assert (step.waits, delay) == (2, 30)
    assert read_on(step, account.page, dict[str, str]().__setitem__, ALWAYS)[0].waits == 0


def test_a_vendor_that_never_answers_is_shown_to_a_person() -> None:
    """The message comes back by itself, and ends among the dead letters; redriven, it tries again."""
    tired = FIRST.model_copy(update={"waits": MOST_WAITS})
    with pytest.raises(RetriableError, match="503"):
        read_on(tired, Account([1], [RetriableError("hubspot 503")]).page, dict[str, str]().__setitem__, ALWAYS)
    assert read_on(tired, Account([1]).page, dict[str, str]().__setitem__, ALWAYS)[0].stage == "grouping"


@pytest.mark.parametrize("circle", [["1"], ["1", "2"], [str(number) for number in range(1, 40)]])
def test_a_vendor_that_leads_round_in_a_circle_ends_the_run(circle: list[str]) -> None:
    """Be it a page that names itself as the next, or one of several dozen."""
    onwards = dict(zip(circle, [*circle[1:], circle[0]], strict=True))
    read: list[str | None] = []

    def page(cursor: str | None) -> tuple[list[Entry], str | None]:
        read.append(cursor)
        return [entry(cursor or "0")], circle[0] if cursor is None else onwards[cursor]

    with pytest.raises(EndlessRunError, match="cursor_repeats"):
        read_on(FIRST, page, dict[str, str]().__setitem__, ALWAYS)
    assert read == [None, *circle]


def test_a_run_without_end_is_ended_by_its_parts() -> None:
    """Ever new pages, or a circle wider than what one message reads: the next message finds too many parts."""
    page = Account(range(1, 9)).page
    last = FIRST.model_copy(update={"part": MOST_PARTS - 1})
    step, _ = read_on(last, page, dict[str, str]().__setitem__, lambda: False)
    assert step.part == MOST_PARTS
    with pytest.raises(EndlessRunError, match="too_many_parts"):
        read_on(step, page, dict[str, str]().__setitem__, lambda: False)


def test_ten_million_records_are_no_run_without_end() -> None:
    """A hundred a page, ten pages a part, and as many parts again that were cut short."""
    assert MOST_PARTS * 10 * 100 >= 2 * 10_000_000


@given(
    records=st.sets(st.integers(1, 60), max_size=30),
    gone=st.sets(st.integers(1, 60), max_size=5),
    come=st.sets(st.integers(1, 60), max_size=5),
    repeated=st.integers(0, 8),
    impatience=st.integers(1, 7),
)
def test_two_readers_of_one_run_leave_no_gap(
    records: set[int], gone: set[int], come: set[int], repeated: int, impatience: int
) -> None:
    """A message comes twice while records come and go: whoever ends has read all that was there all the time."""
    spool: dict[str, str] = {}
    account = Account(sorted(records | gone))
    ticks = count(1)
    has_time: Callable[[], bool] = lambda: bool(next(ticks) % impatience)  # noqa: E731 # a clock of its own
    steps = to_the_end(account, spool, FIRST, has_time)
    account.records = sorted((records - gone) | come)
    to_the_end(account, spool, steps[min(repeated, len(steps) - 1)], has_time)
    assert {str(record) for record in records - gone} <= spooled(spool)
