"""Merges: what is refused, and that nothing is lost when it is cut short."""

from collections.abc import Sequence

import pytest
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.merging import Merger
from commerce_sync.errors import PausedError, RefusedByVendorError, RetriableError

from tests.fakes.duplicates import entry
from tests.unit.duplicates.accounts import ANA, COPY, MERGE, Account, Notes, apply


def test_a_merge_is_carried_out_once_and_remembered() -> None:
    """A second time it is only found done."""
    account, notes = Account(ANA, COPY), Notes()
    outcome, remembered = apply(account, notes)
    assert [one["result"] for one in outcome["merged"]] == ["merged"]
    assert remembered == [("501", "777")]
    again, _ = apply(account, notes)
    assert [one["result"] for one in again["merged"]] == ["already_merged"]
    assert list(account.entries) == ["501"]


@pytest.mark.parametrize(
    ("now", "result"),
    [
        ((ANA, COPY._replace(marks=("phone:q",))), "shares_nothing_any_more"),
        ((ANA, COPY._replace(opt_outs="all")), "consent_differs"),
        ((ANA,), "other_is_gone"),
        ((COPY,), "survivor_is_gone"),
    ],
)
def test_what_has_changed_since_the_audit_is_not_merged(now: tuple[Entry, ...], result: str) -> None:
    """Both are read again just before."""
    account = Account(*now)
    outcome, remembered = apply(account, Notes())
    assert [one["result"] for one in outcome["refused"]] == [result]
    assert (remembered, len(account.entries)) == ([], len(now))


def test_a_merge_whose_answer_was_lost_is_remembered_by_the_next_command() -> None:
    """It was noted before it was asked for."""
    account, notes = Account(ANA, COPY, failures=[RetriableError("hubspot gave no answer")], lost=True), Notes()
    outcome, remembered = apply(account, notes)
    assert (outcome["left"], outcome["stopped"], remembered) == (1, "hubspot gave no answer", [])
    _, remembered = apply(account, notes, planned=[])
    assert remembered == [("501", "777")]
    assert notes.is_done(MERGE)


@pytest.mark.parametrize("shows_merges", [True, False])
@pytest.mark.parametrize("left", [(ANA, COPY), (ANA,), (COPY,), ()], ids=["both", "survivor", "other", "nobody"])
def test_a_merge_that_nobody_saw_happen_is_no_fact(left: tuple[Entry, ...], *, shows_merges: bool) -> None:
    """Begun, and then the process died: who is gone since may have been erased or archived, by anybody."""
    notes = Notes(MERGE)
    _, remembered = apply(Account(*left, shows_merges=shows_merges), notes, planned=[])
    assert (remembered, notes.state) == ([], {})


@pytest.mark.parametrize("left", [(ANA, COPY), (ANA,)], ids=["both", "survivor"])
def test_a_merge_that_was_accepted_is_remembered_where_merges_are_not_shown(left: tuple[Entry, ...]) -> None:
    """Klaviyo said yes, then the process died. It merges later: until then both are there, then one."""
    notes = Notes(MERGE, accepted=True)
    _, remembered = apply(Account(*left, shows_merges=False), notes, planned=[])
    assert (remembered, notes.is_done(MERGE)) == ([("501", "777")], True)


@pytest.mark.parametrize(
    ("left", "shows_merges"),
    [((COPY,), False), ((), False), ((ANA,), True), ((COPY,), True), ((), True)],
)
def test_nobody_who_is_gone_since_is_remembered(left: tuple[Entry, ...], *, shows_merges: bool) -> None:
    """Accepted, but the survivor was erased meanwhile; or HubSpot, which would show it, knows the other no more."""
    notes = Notes(MERGE, accepted=True)
    _, remembered = apply(Account(*left, shows_merges=shows_merges), notes, planned=[])
    assert (remembered, notes.state) == ([], {})


def test_the_systems_yes_is_noted_before_identity_is_told() -> None:
    """So a process that dies between is settled by the next command, also where merges are not shown."""
    account, notes = Account(ANA, COPY, shows_merges=False), Notes()

    def die(records: Sequence[str]) -> None:
        raise KeyboardInterrupt(records)

    with pytest.raises(KeyboardInterrupt):
        Merger(account, notes, die).apply([MERGE], lambda: True)
    assert notes.is_accepted(MERGE)
    _, remembered = apply(account, notes, planned=[])
    assert remembered == [("501", "777")]


def test_a_record_that_goes_while_it_is_merged_is_gone_not_merged() -> None:
    """Klaviyo answers 404: somebody else merged or erased it, and we cannot know which."""

    class Hasty(Account):
        def merge(self, survivor: str, other: str) -> str | None:
            del self.entries[other]
            return super().merge(survivor, other)

    notes = Notes()
    outcome, remembered = apply(Hasty(ANA, COPY, shows_merges=False), notes)
    assert [one["result"] for one in outcome["refused"]] == ["other_is_gone"]
    assert (remembered, notes.state) == ([], {})


def test_a_pause_leaves_the_rest() -> None:
    """And a refusal does not."""
    others = [entry(f"{number}", "phone:p") for number in (1, 2, 3)]
    planned = [PlannedMerge(group="g", survivor="501", other=one.record) for one in others]
    failures = [RefusedByVendorError("hubspot", 400, "VALIDATION_ERROR"), PausedError("hubspot 429")]
    outcome, _ = apply(Account(ANA, *others, failures=failures), Notes(), planned)
    assert [one["result"] for one in outcome["refused"]] == ["hubspot 400 VALIDATION_ERROR"]
    assert (outcome["merged"], outcome["left"], outcome["stopped"]) == ([], 2, "hubspot 429")
