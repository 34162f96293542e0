"""Whatever one place does, the erasure goes on everywhere else, and a person hears of it in time."""

from datetime import timedelta

from commerce_sync.errors import ConfigurationError
from commerce_sync.privacy.waiting import is_overdue, next_look
from commerce_sync.privacy.working import MOST_FAILURES

from tests.fakes.privacy import NOW, Office
from tests.unit.privacy.people import CASE, asks, left_of, met

SECRET = "ana@example.com said no"


def broken(office: Office, times: int, error: Exception) -> None:
    """The archive fails that often."""
    left = [error] * times

    def crash(boundary: str) -> None:
        if boundary == "before objects are deleted" and left:
            raise left.pop()

    office.crash = crash


def test_an_error_that_nobody_foresaw_holds_up_one_step_and_is_tried_again() -> None:
    """Its kind is noted, and nothing that it says; the wait doubles."""
    office = met(Office())
    asks(office)
    broken(office, 4, ValueError(SECRET))
    case, due_at = office.desk().go_on(office.cases.cases[CASE])
    assert case.waits == {"archive": "failed 1 times (ValueError)", "quarantine": "failed 1 times (ValueError)"}
    assert due_at == NOW + timedelta(minutes=1)
    assert {"orders", "confirmed", "hubspot", "klaviyo"} <= {step.step for step in case.steps}
    office.now = due_at
    case, due_at = office.desk().go_on(case)
    assert (due_at, SECRET in office.cases.cases[CASE].model_dump_json()) == (office.now + timedelta(minutes=2), False)
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_what_stays_broken_is_parked_and_goes_on_when_an_operator_says_so() -> None:
    """After some hours, with the kind of the error; a confirmed case has all its tries again."""
    office = met(Office())
    asks(office)
    broken(office, MOST_FAILURES * 2, ConfigurationError(SECRET))
    case = office.work(CASE, rounds=40)
    assert case.state == "parked"
    assert f"archive: failed {MOST_FAILURES} times (ConfigurationError)" in str(case.reason)
    assert SECRET not in str(case.reason)
    assert office.now - NOW < timedelta(hours=8)
    office.change(CASE, state="open", reason=None, confirmed_at=office.now)
    assert (office.work(CASE).state, left_of(office)) == ("done", [])


def test_a_case_that_only_an_operator_moves_is_looked_at_when_it_is_overdue() -> None:
    """Otherwise nobody would ever count it."""
    office = met(Office())
    asks(office, "erase_store", person=None, orders=())
    case = office.cases.cases[CASE]
    assert next_look(case, None, NOW) == case.deadline
    late = case.deadline + timedelta(hours=1)
    assert next_look(case, None, late) == late + timedelta(days=1)
    assert next_look(case, NOW, NOW) == NOW
    assert (is_overdue(case, NOW), is_overdue(case, late)) == (False, True)
    done = case.model_copy(update={"state": "done"})
    assert (next_look(done, None, late), is_overdue(done, late)) == (None, False)
