"""The baseline in memory: whatever order, whoever dies, it says the same, and tells nobody."""

import random
from itertools import permutations

import pytest
from commerce_sync.consent.baseline import progress
from commerce_sync.contracts.baseline import BaselineStep
from commerce_sync.contracts.consent import Address

from tests.fakes.baseline import RUN, Baseline, found, says

EMAILS: list[Address] = [("email", f"{name}@example.com") for name in ("ana", "bo", "cy", "dee", "eve")]
ANA, BO, CY, DEE, EVE = EMAILS
PHONE: Address = ("sms", "+12025550130")
UNDATED = says("withdraw", "pref_out", None, method="status")
SYSTEMS = {
    "klaviyo": [
        [
            found("k1", ANA[1], says("grant", "strong_in", 90)),
            found("k2", "BO@example.com ", says("grant", "strong_in", 90)),
            found("k2", PHONE[1], says("grant", "strong_in", 20, "sms"), channel="sms"),
        ],
        [
            found("k3", CY[1], says("withdraw", "pref_out", 30)),
            found("k4", DEE[1], says("hold", "info", 5, method="suppression", evidence={"klaviyo_state": "ODD"})),
        ],
        [found("k5", "not an address", says("grant", "strong_in", 3))],
    ],
    "hubspot": [
        [found("501", ANA[1], UNDATED), found("502", BO[1], says("withdraw", "pref_out", 10))],
        [found("503", EVE[1], UNDATED), found("504", CY[1]), found("505", CY[1])],
    ],
    "shopify:us": [
        [found("c1", CY[1], says("grant", "weak_in", 100)), found("c2", BO[1], says("grant", "weak_in", 5))],
    ],
}


def finished(**changes: object) -> Baseline:
    """A run without mishaps."""
    baseline = Baseline(SYSTEMS, **changes)  # type: ignore[arg-type]
    baseline.begin()
    baseline.run()
    return baseline


EXPECTED = finished().outcome()


def test_everybody_stands_as_the_systems_say() -> None:
    """What cannot be dated and conflicts is held; what cannot be dated and does not is an opt-out."""
    baseline = finished()
    states = {address[1]: baseline.state(address) for address in (ANA, BO, CY, DEE, EVE, PHONE)}
    assert states == {
        ANA[1]: "hold",
        BO[1]: "out",
        CY[1]: "out",
        DEE[1]: "hold",
        EVE[1]: "out",
        PHONE[1]: "in",
    }
    assert baseline.ledger.chains[ANA].waits == "conflict"
    assert baseline.ledger.chains[DEE].waits == "hold"


def test_nobody_is_told_anything() -> None:
    """Rows are there only to be seen."""
    rows = [row for chain in finished().ledger.chains.values() for row in chain.promises.values()]
    assert {(row.status, row.due_at, row.claim) for row in rows} <= {("observed", None, None), ("skipped", None, None)}


def test_who_opted_out_elsewhere_and_is_shown_open_by_silence_is_to_be_told_there() -> None:
    """HubSpot's contact of Cy shows nothing of what Klaviyo knows; of Bo's opt-out there nobody is to be told there."""
    chains = finished().ledger.chains
    rows = {name: {row.row: row.status for row in chains[name].promises.values()} for name in (BO, CY, EVE)}
    assert rows == {
        BO: {"klaviyo": "observed", "shopify:us": "observed"},
        CY: {"hubspot": "observed", "shopify:us": "observed"},
        EVE: {},
    }
    assert finished().figures["silent_hubspot"] == 1


def test_a_profile_that_never_subscribed_is_to_be_told_of_an_opt_out_without_a_time() -> None:
    """It is settled first what that means; and whoever has no profile gets none."""
    baseline = Baseline(
        {
            "hubspot": [[found("501", ANA[1], UNDATED), found("502", BO[1], UNDATED)]],
            "klaviyo": [[found("k1", ANA[1]), found("k2", CY[1])]],
        }
    )
    baseline.begin()
    baseline.run()
    rows = {
        name: {row.row: row.status for row in chain.promises.values()} for name, chain in baseline.ledger.chains.items()
    }
    assert rows == {ANA: {"klaviyo": "observed"}, BO: {}}


def test_the_report_is_the_audit_of_day_one() -> None:
    """Counted and listed by keys and record ids, never by addresses."""
    baseline = finished()
    key = {name: baseline.ledger.chains[name].address_key for name in (ANA, BO, CY)}
    assert [(row["address"], row["open_in"], row["closed_in"]) for row in baseline.lists["conflicts"]] == sorted(
        [
            (key[ANA], {"klaviyo": ["k1"]}, {"hubspot": ["501"]}),
            (key[BO], {"klaviyo": ["k2"], "shopify:us": ["c2"]}, {"hubspot": ["502"]}),
            (key[CY], {"shopify:us": ["c1"]}, {"klaviyo": ["k3"]}),
        ]
    )
    assert [(row["system"], row["records"]) for row in baseline.lists["duplicates"]] == [("hubspot", ["504", "505"])]
    assert {row["record"] for row in baseline.lists["unsubscribes"]} == {"501", "502", "503", "k3"}
    assert [row["record"] for row in baseline.lists["sms_opt_ins"]] == ["k2"]
    assert [(row["record"], row["reason"]) for row in baseline.lists["suppressions"]] == [("k4", "ODD")]
    assert [row["record"] for row in baseline.lists["unusable"]] == ["k5"]
    assert (baseline.figures["addresses"], baseline.figures["conflicts_held"]) == (6, 1)
    assert baseline.documents["base"] == {"addresses": 6}
    assert "@" not in str([*baseline.lists.values(), baseline.figures, baseline.parts, baseline.keys])


@pytest.mark.parametrize("order", list(permutations(sorted(SYSTEMS))))
def test_the_order_of_the_systems_changes_nothing(order: tuple[str, ...]) -> None:
    """Each is read to its end before the next one."""
    baseline = Baseline(SYSTEMS)
    baseline.begin()
    baseline.queue.sort(key=lambda step: order.index(step.system))
    baseline.run()
    assert baseline.outcome() == EXPECTED


def test_killed_anywhere_it_comes_to_the_same_end() -> None:
    """Before and after every write, every message and every page; one page a message."""
    baseline = Baseline(SYSTEMS)
    baseline.begin()
    baseline.run(pages=1)
    assert baseline.outcome() == EXPECTED
    boundaries = baseline.steps
    assert boundaries > 60
    for boundary in range(boundaries):
        killed = Baseline(SYSTEMS, steps_left=boundary)
        killed.begin()
        killed.run(pages=1 + boundary % 3)
        assert killed.outcome() == EXPECTED, boundary


@pytest.mark.parametrize("seed", range(30))
def test_repeated_and_reordered_steps_change_nothing(seed: int) -> None:
    """Every message may come again, at any time, and be done by two at once."""
    chance = random.Random(seed)  # noqa: S311 # a test's dice
    baseline = Baseline(SYSTEMS)
    baseline.begin()
    done: list[BaselineStep] = []
    while baseline.queue:
        step = baseline.queue.pop(chance.randrange(len(baseline.queue)))
        done.append(step)
        baseline.do(step, pages=chance.choice([1, 2, 100]))
        if chance.random() < 0.4:
            baseline.do(chance.choice(done), pages=1)
    for step in done:
        baseline.do(step, pages=1)
    baseline.run()
    assert baseline.outcome() == EXPECTED


def test_opt_ins_wait_until_every_system_is_read() -> None:
    """And until what cannot be dated is settled."""
    baseline = Baseline(SYSTEMS)
    baseline.begin()
    completed = []
    while baseline.queue:
        step = baseline.queue.pop(0)
        baseline.do(step, pages=1)
        completed.append((step.stage, bool(baseline.documents[progress.NAME]["completed_at"])))
    assert [stage for stage, is_complete in completed if is_complete] == ["settling", "reporting"]
    assert baseline.documents[progress.NAME]["stage"] == "done"


def test_a_second_run_finds_everything_written() -> None:
    """Also where somebody has opted in since: what was settled stays settled."""
    baseline = finished()
    before = {address: chain.seq for address, chain in baseline.ledger.chains.items()}
    baseline.clock.advance(3600)
    baseline.begin("20261128T110000Z")
    assert baseline.documents[progress.NAME]["completed_at"]
    baseline.run()
    assert {address: chain.seq for address, chain in baseline.ledger.chains.items()} == before


def test_a_run_over_more_systems_holds_opt_ins_back_again() -> None:
    """What a new one knows is not known yet."""
    baseline = finished()
    baseline.systems = {**SYSTEMS, "shopify:eu": [[]]}
    baseline.clock.advance(3600)
    baseline.begin("20261128T110000Z")
    assert baseline.documents[progress.NAME]["completed_at"] is None
    baseline.run()
    assert baseline.documents[progress.NAME]["completed_at"]


def test_a_step_of_a_run_that_was_given_up_does_nothing() -> None:
    """The new one reads for itself."""
    baseline = Baseline(SYSTEMS)
    baseline.begin()
    old = list(baseline.queue)
    baseline.queue.clear()
    baseline.begin("20261128T100001Z")
    assert {baseline.do(step) for step in old} == {"superseded"}
    assert (baseline.pages_read, baseline.ledger.chains) == ([], {})
    assert baseline.documents[progress.NAME]["run_id"] != RUN
