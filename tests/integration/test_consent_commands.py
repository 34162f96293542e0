"""The commands about consent over the tables of the template, in process."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from commerce_sync.aws.consent_waits import ConsentWaits
from commerce_sync.aws.control import Control
from commerce_sync.aws.ledger_records import LedgerRecords
from commerce_sync.composing.consent_saying import Saying, SetAside
from commerce_sync.composing.permissions import BASELINE_DOCUMENT
from commerce_sync.contracts import Store
from commerce_sync.contracts.consent import Action, Address, ConsentStatement, Strength

from local.in_process import InProcessBundle, LambdaContext
from tests.fakes import bundle as b
from tests.fakes.consent_bundle import OBSERVING, answer, append, chain, propagate, rows
from tests.fakes.consent_world import record
from tests.fakes.consented import SYSTEMS
from tests.fakes.delivered import command

NOW = datetime.now(UTC).replace(microsecond=0)
ANA: Address = ("email", "ana@example.com")
BO: Address = ("sms", "+12025550101")
WORDS: dict[str, Any] = {"by": "kim", "why": "she told support"}
NO_TIME = 10_000
TEXT = {"keyword_class": "HOLD", "text": "cancel my order, says ana@example.com"}


def held(bundle: InProcessBundle) -> None:
    """Somebody who opted in, and then sent an unclear mail."""
    days = timedelta(days=1)
    append(bundle, (ANA, record("in", "strong_in", NOW - 30 * days, ANA, method="form")))
    unclear: dict[str, Any] = {"action": "hold", "method": "free_text", "evidence": TEXT}
    append(bundle, (ANA, record("held", "info", NOW - 2 * days, ANA, **unclear)))


def imported(bundle: InProcessBundle, number: int) -> list[Address]:
    """So many people who opted in, and whom an import opted out an hour ago."""
    people: list[Address] = [("email", f"person{one}@example.com") for one in range(number)]
    theirs: dict[str, Any] = {"actor": "system", "source": "import:legacy", "method": "import"}
    for address in people:
        append(
            bundle,
            (address, record(f"in-{address[1]}", "strong_in", NOW - timedelta(days=90), address, method="form")),
            (address, record(f"out-{address[1]}", "pref_out", NOW - timedelta(hours=1), address, **theirs)),
        )
    return people


def complete_baseline(bundle: InProcessBundle) -> None:
    """As if everything had been loaded."""
    document = {"completed_at": NOW.isoformat(), "covered": SYSTEMS}
    Control(bundle.names["ControlTable"]).change(BASELINE_DOCUMENT, lambda _: document)


def test_a_hold_is_listed_decided_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    """From the index over the heads to rows that the dispatcher hands out within a minute; nothing logs an address."""
    with b.ready_bundle(OBSERVING) as bundle:
        held(bundle)
        listed = command(bundle, "review")
        plain = command(bundle, "review", show=True)
        decided = command(bundle, "review", key=listed["addresses"][0]["key"], decide="out", **WORDS)
        due = rows(bundle, ANA)["klaviyo"]
        sent = propagate(bundle)
        after = rows(bundle, ANA)["klaviyo"]
        again = answer(bundle, "review", address="Ana@Example.com", decide="out", **WORDS)

    assert listed["waiting"] == {"hold": 1, "conflict": 0, "pending": 0}
    assert listed["addresses"][0]["address"] == "a***@e***.com"
    assert "ana@example.com" not in json.dumps(listed)
    assert plain["addresses"][0]["why"][0]["records"][0]["evidence"] == TEXT
    assert decided["states"] == {"marketing": "out"}
    assert (due.status, due.urgent) == ("pending", True)
    assert sent == 1
    assert after.status == "observed"
    assert "nothing waits" in again["errors"][0]
    assert "ana@example.com" not in capsys.readouterr().out + json.dumps(again)


def test_an_address_is_explained_with_its_records_and_destinations() -> None:
    """Masked, unless it is asked for; in the order of the chain, with the sentence that decides."""
    with b.ready_bundle(OBSERVING) as bundle:
        held(bundle)
        append(bundle, (ANA, record("out", "pref_out", NOW, ANA, source="klaviyo:main", method="preference_page")))
        (told,) = command(bundle, "explain", address="Ana@example.com")["consent"]
        (plain,) = command(bundle, "explain", address="Ana@example.com", show=True)["consent"]

    assert [one["record_id"] for one in told["records"]] == ["in", "held", "out"]
    assert told["records"][1]["evidence"] == {"keyword_class": "HOLD", "text": "***"}
    assert told["records"][1]["counts_as"] == "a hold"
    assert told["states"][0]["state"] == "out"
    assert told["states"][0]["sentence"].startswith("OUT: unsubscribed (preference page) on ")
    assert {one["destination"] for one in told["destinations"]} >= {"klaviyo", "hubspot"}
    assert "ana@example.com" not in json.dumps(told)
    assert (plain["address"], plain["records"][1]["evidence"]) == ("ana@example.com", TEXT)


def test_a_bad_import_is_corrected_by_two_people() -> None:
    """As far as the time goes; called again it goes on; everybody stands as before."""
    with b.ready_bundle(OBSERVING) as bundle:
        people = imported(bundle, 4)
        window: dict[str, Any] = {"since": (NOW - timedelta(hours=2)).isoformat(), "until": NOW.isoformat()}
        proposed = command(bundle, "correct", source="import:legacy", **window, **WORDS)
        alone = answer(bundle, "correct", correction=proposed["correction"], approve=True, by="Kim")
        begun = answer(bundle, "correct", NO_TIME, correction=proposed["correction"], approve=True, by="lee")["result"]
        done = command(bundle, "correct", correction=proposed["correction"], approve=True, by="lee")
        listed = command(bundle, "correct")["corrections"]
        after = [command(bundle, "explain", address=address[1])["consent"][0] for address in people]

    assert (proposed["state"], proposed["would_void"]) == ("proposed", {"withdraw": 4})
    assert "different people" in alone["errors"][0]
    assert (begun["state"], begun["left"]) == ("applying", 4)
    assert (done["state"], done["corrected"], done["left"]) == ("done", 4, 0)
    assert [one["correction"] for one in listed] == [proposed["correction"]]
    assert {one["states"][0]["state"] for one in after} == {"in"}
    assert {one["records"][1]["counts_as"] for one in after} == {"nothing: a correction voids it"}


def test_the_brake_shows_what_it_holds_up_and_is_released() -> None:
    """More than twenty addresses in an hour, by what no person did."""
    with b.ready_bundle(OBSERVING) as bundle:
        theirs: dict[str, Any] = {"actor": "system", "source": "import:legacy", "method": "import"}
        for number in range(22):
            address: Address = ("email", f"person{number}@example.com")
            append(bundle, (address, record(f"out-{number}", "pref_out", NOW, address, **theirs)))
        shown = command(bundle, "brake")
        refused = answer(bundle, "brake", discard=True, **WORDS)
        released = command(bundle, "brake", release=True, **WORDS)
        after = command(bundle, "brake")
        figures = command(bundle, "status")["consent"]["outbox"]

    held_up = sum(one["rows"] for one in shown["causes"])
    assert (shown["limit"], shown["changes_this_hour"]) == (20, 22)
    assert held_up == shown["braked"] == released["released"] > 0
    assert {one["cause"] for one in shown["causes"]} == {"import:legacy"}
    assert "cannot be discarded" in refused["errors"][0]
    assert (after["braked"], after["open_until"]) == (0, released["open_until"])
    assert (figures["braked"], figures["open"]) == (0, 22 * len(rows_of(shown)))


def rows_of(shown: dict[str, Any]) -> set[str]:
    """The destinations that are held up."""
    return {one["destination"] for one in shown["causes"]}


def test_a_mode_shows_what_the_next_would_write_and_lets_it_through() -> None:
    """Opt-outs first; opt-ins not before the baseline is complete; every step in the history."""
    with b.ready_bundle(OBSERVING) as bundle:
        append(bundle, (ANA, record("out", "pref_out", NOW, ANA)))
        append(bundle, (BO, record("in", "verified_in", NOW - timedelta(days=1), BO, method="keyword")))
        make_all_due(bundle)
        propagate(bundle)
        shown = command(bundle, "mode")
        early = answer(bundle, "mode", destination="klaviyo", mode="live", **WORDS)
        opt_outs = command(bundle, "mode", destination="klaviyo", mode="opt_outs_only", **WORDS)
        complete_baseline(bundle)
        pilot = command(bundle, "mode", destination="klaviyo", mode="pilot", pilot=[BO[1]], **WORDS)
        history = command(bundle, "mode")["history"]

    assert shown["destinations"]["klaviyo"]["next"]["would_write"] == {"out": 1}
    assert shown["destinations"]["klaviyo"]["next"]["examples"] == [{"address": "a***@e***.com", "direction": "out"}]
    assert "the baseline is not complete" in early["errors"][0]
    assert opt_outs["released"] == 1
    assert pilot["released"] == 1
    assert [one["to"] for one in history] == ["opt_outs_only", "pilot"]


def make_all_due(bundle: InProcessBundle) -> None:
    """Let every wait of the consent outbox be over."""
    for item in b.items(bundle, "ConsentOutboxTable"):
        b.aws_client("dynamodb").update_item(
            TableName=bundle.names["ConsentOutboxTable"],
            Key={"subject": item["subject"], "row": item["row"]},
            UpdateExpression="SET due_at = :past, settle_at = :past",
            ExpressionAttributeValues={":past": {"S": "2000-01-01T00:00:00.000000Z"}},
        )


def test_a_baseline_is_started_with_a_step_for_each_connected_system() -> None:
    """And opt-ins wait for it: what is missing is said by whoever asks for more."""
    with b.ready_bundle(OBSERVING) as bundle:
        before = command(bundle, "baseline")
        started = command(bundle, "baseline", start=True)
        steps = [json.loads(body) for body in b.waiting(bundle, "BaselineQueue")]
        shown = command(bundle, "baseline")
        early = answer(bundle, "mode", destination="klaviyo", mode="live", **WORDS)

    assert (before["state"], shown["state"]) == ("never started", "reading")
    assert [one["system"] for one in steps] == started["systems"] == ["hubspot", "klaviyo"]
    assert f"the run {started['run_id']} is still reading" in early["errors"][0]


def test_a_stop_works_without_the_ledger() -> None:
    """Whatever else is broken: here the pepper is gone."""
    with b.ready_bundle(OBSERVING) as bundle:
        bundle.put_secret("Pepper", {"current": "9", "9": "another"})
        stopped = command(bundle, "stop", **WORDS)
        resumed = command(bundle, "stop", resume=True, **WORDS)

    assert stopped["halted"] == {}
    assert resumed["modes"]["klaviyo"] == "observe"


def test_the_ledger_is_verified_as_long_as_there_is_time() -> None:
    """What was altered is named; what cannot be finished is said."""
    with b.ready_bundle(OBSERVING) as bundle:
        held(bundle)
        sound = command(bundle, "verify_ledger")
        too_short = answer(bundle, "verify_ledger", NO_TIME)
        client, table = b.aws_client("dynamodb"), bundle.names["LedgerTable"]
        entry = next(one for one in b.items(bundle, "LedgerTable") if one["entry"]["S"] == "E#in")
        client.put_item(TableName=table, Item={**entry, "record": {"S": entry["record"]["S"].replace("form", "FORM")}})
        altered = command(bundle, "verify_ledger")

    assert sound["sound"]
    assert "too large to be verified in this time" in too_short["errors"][0]
    assert altered["kinds"] == {"altered": 1}
    assert altered["first"][0]["record_id"] == "in"


def test_the_digest_is_published_in_numbers() -> None:
    """To whoever listens to the alarms; on a day on which nothing waits to nobody."""
    with b.ready_bundle(OBSERVING) as bundle:
        sqs = b.aws_client("sqs")
        queue = sqs.get_queue_attributes(QueueUrl=bundle.names["EventsQueue"], AttributeNames=["QueueArn"])
        endpoint = queue["Attributes"]["QueueArn"]
        b.aws_client("sns").subscribe(TopicArn=bundle.names["Alarms"], Protocol="sqs", Endpoint=endpoint)
        with bundle.function("review_digest") as module:
            quiet = module.handler({}, LambdaContext())
        held(bundle)
        with bundle.function("review_digest") as module:
            told = module.handler({}, LambdaContext())
        messages = [json.loads(body) for body in b.waiting(bundle, "EventsQueue")]

    assert (quiet["told"], told["told"], told["waiting"]["hold"]) == (False, True, 1)
    assert [one["Subject"] for one in messages] == ["Consent: 1 wait for a person"]
    assert "over a day: 1; the oldest waits 2 days" in messages[0]["Message"]
    assert "@" not in messages[0]["Message"]


def test_status_shows_consent_at_a_glance() -> None:
    """Modes, the baseline, who waits, the outbox."""
    with b.ready_bundle(OBSERVING) as bundle:
        held(bundle)
        told = command(bundle, "status")["consent"]

    assert told["waiting"] == {"hold": 1, "conflict": 0, "pending": 0}
    assert told["modes"]["klaviyo"] == "observe"
    assert told["baseline"] == "it was never begun: operations baseline"
    assert told["outbox"]["parked"] == 0


def test_polled_opt_outs_that_name_nobody_are_set_aside(capsys: pytest.CaptureFixture[str]) -> None:
    """With their ids at the vendor, in status and as a metric, once however often they are read."""
    acts: list[tuple[Action, Strength]] = [("withdraw", "hard_out"), ("grant", "weak_in"), ("hold", "info")]
    nobody = [
        ConsentStatement(statement_id=f"event:{n}", channel="sms", address="", action=action, strength=strength)
        for n, (action, strength) in enumerate(acts)
    ]
    with b.ready_bundle(OBSERVING) as bundle:
        saying = Saying(
            Store(source="klaviyo", id="main"),
            bundle.names["OptOutsQueue"],
            bundle.names["OptInsQueue"],
            lambda: NOW,
            SetAside(Control(bundle.names["ControlTable"]), "klaviyo", lambda: NOW),
        )
        saying(nobody)
        saying(nobody)
        told = command(bundle, "status")["consent"]["unusable"]["klaviyo"]

    assert (told["total"], set(told["statements"])) == (2, {"event:0", "event:2"})
    assert told["statements"]["event:0"]["reason"] == "address_not_usable"
    metrics = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"UnusableOptOuts"' in line]
    assert [one["UnusableOptOuts"] for one in metrics] == [2]


def test_parked_destinations_are_released_by_their_reason() -> None:
    """By the command that releases everything that is parked."""
    with b.ready_bundle(OBSERVING) as bundle:
        append(bundle, (ANA, record("out", "pref_out", NOW, ANA)))
        for item in b.items(bundle, "ConsentOutboxTable"):
            parked = {"status": {"S": "parked"}, "due_shard": {"S": "parked"}, "reason": {"S": "hubspot 400"}}
            b.aws_client("dynamodb").put_item(TableName=bundle.names["ConsentOutboxTable"], Item={**item, **parked})
        known = command(bundle, "status")["consent"]["parked"]
        listed = command(bundle, "review")["rows"]["parked"]
        released = command(bundle, "release", reason="hubspot 400")["released"]
        statuses = {one.status for one in rows(bundle, ANA).values()}

    assert known == {"hubspot 400": listed["count"]} == {"hubspot 400": released}
    assert listed["first"][0]["address"] == "a***@e***.com"
    assert statuses == {"pending"}


def test_who_waits_is_read_from_a_moment_on() -> None:
    """The longest first; counted in half-open windows."""
    with b.ready_bundle(OBSERVING) as bundle:
        for days in (3, 1, 2):
            address: Address = ("email", f"day{days}@example.com")
            append(bundle, (address, record(f"h{days}", "info", NOW - timedelta(days=days), address, action="hold")))
        waits = ConsentWaits(bundle.names["HeadsTable"])
        everybody = [one.since for one in waits.waiting("hold")]
        some = [one.since for one in waits.waiting("hold", NOW - timedelta(days=2))]
        counts = [
            waits.count("hold"),
            waits.count("hold", until=NOW - timedelta(days=2)),
            waits.count("hold", NOW - timedelta(days=2), NOW - timedelta(days=1)),
        ]

    assert everybody == [NOW - timedelta(days=days) for days in (3, 2, 1)]
    assert some == everybody[1:]
    assert counts == [3, 1, 1]


def test_records_of_a_source_are_found_and_the_ledgers_own_entry_is_none() -> None:
    """Also a source whose name stands in another's."""
    with b.ready_bundle(OBSERVING) as bundle:
        append(bundle, (ANA, record("a", "pref_out", NOW, ANA, source="import:a")))
        append(bundle, (BO, record("b", "pref_out", NOW, BO, source="import:a2")))
        scan = LedgerRecords(bundle.names["LedgerTable"])
        ((of_one, end),) = scan.pages("", "import:a")
        everything = [one.record_id for page, _ in scan.pages() for one in page]

    assert ([one.record_id for one in of_one], end) == (["a"], "")
    assert sorted(everything) == ["a", "b"]


def test_a_chain_that_a_person_decided_is_still_whole() -> None:
    """Decisions are records like any other."""
    with b.ready_bundle(OBSERVING) as bundle:
        held(bundle)
        command(bundle, "review", address=ANA[1], decide="release", **WORDS)
        stands = chain(bundle, ANA)
        sound = command(bundle, "verify_ledger")["sound"]

    assert [one.action for one in stands.records] == ["grant", "hold", "review"]
    assert stands.waits is None
    assert sound
