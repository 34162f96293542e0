"""Plans and merges: who stays, what is refused, and that nothing is lost when it is cut short."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.entries import Entry
from commerce_sync.duplicates.grouping import find_duplicates
from commerce_sync.duplicates.merging import Merger
from commerce_sync.duplicates.reporting import figures, listed, plan
from commerce_sync.duplicates.survivors import age_order, why_not
from commerce_sync.errors import PausedError, RefusedByVendorError, RetriableError
from commerce_sync.operating.duplicates import merge, show

from tests.fakes.duplicates import entry

RUN = "20261122T031700Z"
ANA = entry("501", "email:a", "phone:p", created=1000)
COPY = entry("777", "phone:p", created=500)
MERGE = PlannedMerge(group="g", survivor="501", other="777")


class Account:
    """A system in memory. ``failures`` are raised by merges, one a call; ``lost`` ones after they happened.

    It shows merges, as HubSpot does; otherwise a merged id is as gone as an erased one, as Klaviyo's are.
    """

    def __init__(
        self, *entries: Entry, failures: Sequence[Exception] = (), lost: bool = False, shows_merges: bool = True
    ) -> None:
        self.shows_merges = shows_merges
        self.entries = {entry.record: entry for entry in entries}
        self.into: dict[str, str] = {}
        self.failures = list(failures)
        self.lost = lost

    def read(self, record: str) -> Entry | None:
        """A merged id shows the survivor, where the system does that."""
        return self.entries.get(self.into.get(record, record) if self.shows_merges else record)

    def merge(self, survivor: str, other: str) -> str | None:
        """Join two records."""
        if other not in self.entries:
            return None
        failure = self.failures.pop(0) if self.failures else None
        if failure and not self.lost:
            raise failure
        del self.entries[other]
        self.into[other] = survivor
        if failure:
            raise failure
        return survivor


class Notes:
    """Notes in memory."""

    def __init__(self, *begun: PlannedMerge, accepted: bool = False) -> None:
        self.state = dict.fromkeys(begun, "accepted" if accepted else "begun")

    def begun(self) -> Iterable[PlannedMerge]:
        """Those begun, accepted or not."""
        return [merge for merge, state in self.state.items() if state != "done"]

    def is_accepted(self, merge: PlannedMerge) -> bool:
        """Those accepted."""
        return self.state.get(merge) == "accepted"

    def is_done(self, merge: PlannedMerge) -> bool:
        """Those done."""
        return self.state.get(merge) == "done"

    def begin(self, merge: PlannedMerge) -> None:
        """Begun."""
        self.state[merge] = "begun"

    def accept(self, merge: PlannedMerge) -> None:
        """Accepted."""
        self.state[merge] = "accepted"

    def finish(self, merge: PlannedMerge) -> None:
        """Done."""
        self.state[merge] = "done"

    def drop(self, merge: PlannedMerge) -> None:
        """Forgotten."""
        self.state.pop(merge)


class Reports:
    """One report."""

    def __init__(self, told: dict[str, Any] | None) -> None:
        self.told = told

    def latest(self, system: str) -> dict[str, Any] | None:
        """Its figures."""
        if self.told is None or system != self.told["system"]:
            return None
        return {name: value for name, value in self.told.items() if name != "groups"} | {"report": "key"}

    def groups(self, key: str) -> Iterable[dict[str, Any]]:
        """Its groups."""
        assert self.told is not None
        assert key == "key"
        yield from self.told["groups"]


def apply(
    account: Account, notes: Notes, planned: Sequence[PlannedMerge] = (MERGE,)
) -> tuple[dict[str, Any], list[Any]]:
    """The outcome, and what identity was told."""
    remembered: list[Any] = []
    outcome = Merger(account, notes, remembered.append).apply(planned, lambda: True)
    return outcome, remembered


def reported(*entries: Entry, system: str = "hubspot") -> dict[str, Any]:
    """A report over these records."""
    findings = find_duplicates(lambda: entries)
    return {**figures(RUN, system, findings), "groups": list(listed(findings))}


def test_the_survivor_has_an_address_then_is_the_oldest_then_has_the_smallest_id() -> None:
    """Ids that are numbers are compared as numbers; an unknown age is the youngest."""
    order = [
        entry("9", has_email=True),
        entry("10", has_email=True),
        entry("1", has_email=True, created=2),
        entry("2", has_email=True, created=None),
        entry("3", created=0),
    ]
    assert sorted(set(order), key=age_order) == order


@pytest.mark.parametrize(
    ("survivor", "other", "refusal"),
    [
        (ANA, COPY, None),
        (ANA, COPY._replace(opt_outs="all"), "consent_differs"),
        (ANA._replace(opt_outs="77"), COPY._replace(opt_outs="all"), "consent_differs"),
        (ANA._replace(opt_outs="all"), COPY._replace(opt_outs="all"), None),
        (ANA, COPY._replace(opt_outs=None), "consent_unknown"),
        (ANA._replace(opt_outs=None), COPY._replace(opt_outs=None), "consent_unknown"),
        (ANA, COPY._replace(has_email=True), "only_through_others"),
        (ANA._replace(marks=("phone:p", "role:i")), COPY, "only_through_others"),
        (ANA, COPY._replace(marks=("phone:q",)), "only_through_others"),
        (ANA, COPY._replace(marks=("email:a",), has_email=True), None),
    ],
)
def test_two_records_are_merged_only_when_both_refused_the_same(
    survivor: Entry, other: Entry, refusal: str | None
) -> None:
    """And share what makes them one person, directly."""
    assert why_not(survivor, other) == refusal


def test_a_report_says_who_would_stay_and_why() -> None:
    """And which merges that makes, and which are refused."""
    told = reported(ANA, COPY, entry("800", "phone:p", opt_outs="all"), entry("900", "email:z"))
    (group,) = told["groups"]
    assert (told["records"], told["people"], told["inflation_percent"], told["merges"]) == (4, 2, "100.00", 1)
    assert (group["reason"], group["survivor"], group["why"]) == ("same_phone", "501", "only_with_email")
    assert (group["merges"], group["refused"]) == (["777"], {"800": "consent_differs"})
    assert told["date"] == "2026-11-22T03:17:00+00:00"


def test_what_is_only_listed_is_never_planned() -> None:
    """Families, teams, what too many share, and numbers that disagree."""
    family = [ANA, COPY._replace(has_email=True)]
    team = [entry("1", "role:i"), entry("2", "role:i")]
    wide = [entry(f"w{number}", "phone:w") for number in range(11)]
    told = reported(*family, *team, *wide)
    assert {group["reason"] for group in told["groups"]} == {"shared_phone", "role_address", "shared_too_widely"}
    assert (plan(told["groups"], 100), told["merges"]) == ([], 0)


def test_a_plan_has_at_most_as_many_merges_as_it_may() -> None:
    """In the report's order; or those of one group."""
    entries = [entry(f"{number}", f"email:{number % 3}", created=number) for number in range(9)]
    told = reported(*entries)
    assert [one.other for one in plan(told["groups"], 3)] == ["3", "6", "4"]
    last = told["groups"][-1]["group"]
    assert {one.group for one in plan(told["groups"], 100, last)} == {last}


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


def ask(arguments: dict[str, Any], modes: dict[str, str], told: dict[str, Any] | None) -> dict[str, Any]:
    """The command."""

    def carried_out(system: str, planned: Sequence[PlannedMerge]) -> dict[str, Any]:
        return {"merged": [f"{system}:{one.other}" for one in planned]}

    return merge(arguments, reports=Reports(told), modes=modes, plan=plan, apply=carried_out)


LIVE = {"hubspot": "live", "klaviyo": "live"}


def test_merging_is_a_plan_unless_it_is_asked_for() -> None:
    """Dry by default, and only the word ``true`` is a yes."""
    for said in ({}, {"apply": False}, {"apply": "true"}, {"apply": 1}):
        answer = ask({"system": "hubspot", "maximum": 5, **said}, LIVE, reported(ANA, COPY))
        assert [one["other"] for one in answer["would_merge"]] == ["777"]
        assert "merged" not in answer


def test_merging_is_done_when_it_is_asked_for() -> None:
    """With the flag, the maximum, and a live destination."""
    answer = ask({"system": "hubspot", "maximum": 5, "apply": True}, LIVE, reported(ANA, COPY))
    assert answer["merged"] == ["hubspot:777"]


@pytest.mark.parametrize(
    ("arguments", "modes"),
    [
        ({"system": "hubspot", "maximum": 5, "apply": True}, {"hubspot": "observe"}),
        ({"system": "hubspot", "maximum": 101, "apply": True}, LIVE),
        ({"system": "hubspot", "maximum": 0, "apply": True}, LIVE),
        ({"system": "hubspot", "maximum": True, "apply": True}, LIVE),
        ({"system": "klaviyo", "maximum": 5, "apply": True}, LIVE),
        ({"system": "klaviyo", "maximum": 5, "apply": True, "irreversible": "yes"}, LIVE),
        ({"system": "shopify", "maximum": 5}, LIVE),
    ],
)
def test_what_may_not_be_done_is_refused(arguments: dict[str, Any], modes: dict[str, str]) -> None:
    """Not live, no maximum, no word for Klaviyo, no such system."""
    with pytest.raises(ValueError, match=r"live|maximum|irreversible|system"):
        ask(arguments, modes, reported(ANA, COPY, system=arguments["system"]))


def test_without_a_report_nothing_is_planned() -> None:
    """The audit has not run yet."""
    with pytest.raises(ValueError, match="no report"):
        ask({"system": "hubspot", "maximum": 5}, LIVE, None)


def test_the_last_audit_is_shown_with_its_first_groups() -> None:
    """As many as asked for; a system without a report says so."""
    told = reported(ANA, COPY)
    shown = show(Reports(told), {})
    assert shown["hubspot"] == {**told, "report": "key"}
    assert shown["klaviyo"] == {"report": None}
    assert show(Reports(told), {"system": "hubspot", "groups": 0})["hubspot"]["groups"] == []
