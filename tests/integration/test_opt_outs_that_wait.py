"""An opt-out that no destination has been told of is never silent: how long it waits is a metric of every minute."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from commerce_sync.aws.promise_items import moment

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes import consented as c
from tests.fakes.delivered import add_fault, command

pytestmark = pytest.mark.network
ANA = "ana@example.com"
UNSUBSCRIBE = "/api/profile-subscription-bulk-delete-jobs"
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def bundle(sandboxes: Sandboxes) -> Iterator[InProcessBundle]:
    """Live everywhere; Ana is subscribed at Klaviyo."""
    known = {"act": "subscribe", "email": ANA, "silent": True, "time": "2026-01-05T10:00:00+00:00"}
    sandboxes.klaviyo.state.configure({"person_consents": [known]})
    with b.ready_bundle(c.parameters(sandboxes)) as ready:
        ready.put_secret("VendorTokens", c.TOKENS)
        command(ready, "setup")
        c.complete_baseline(ready)
        yield ready


def opt_out(bundle: InProcessBundle) -> None:
    """Ana opts out."""
    c.hear(bundle, c.preference("unsubscribe", datetime.now(UTC) - timedelta(minutes=1), email=ANA))


def printed(capsys: Captured, metric: str) -> list[float]:
    """Every value of a metric since the last look."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line[metric] for line in lines if metric in line]


def longest_wait(bundle: InProcessBundle, capsys: Captured) -> float:
    """What the dispatcher says of the opt-outs that wait."""
    capsys.readouterr()
    with bundle.function("due_dispatch") as module:
        module.handler({}, None)
    (seconds,) = printed(capsys, "OldestOptOutSeconds")
    return seconds


def let_pass(bundle: InProcessBundle, minutes: float) -> None:
    """As if every row were so much older, and due."""
    client, table = b.aws_client("dynamodb"), bundle.names["ConsentOutboxTable"]
    for item in b.items(bundle, "ConsentOutboxTable"):
        since = datetime.fromisoformat(item["owed_since"]["S"]) - timedelta(minutes=minutes)
        client.put_item(TableName=table, Item={**item, "owed_since": {"S": moment(since)}, **_past(item)})


def _past(item: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {"due_at": {"S": "2000-01-01T00:00:00.000000Z"}} if "due_at" in item else {}


def test_where_nothing_waits_the_wait_is_none(bundle: InProcessBundle, capsys: Captured) -> None:
    """Zero is said too: silence is another alarm's business."""
    assert longest_wait(bundle, capsys) == 0.0


def test_an_opt_out_that_a_vendor_does_not_take_ages_through_every_retry(
    bundle: InProcessBundle, sandboxes: Sandboxes, capsys: Captured
) -> None:
    """Leases, retries and further opt-outs start no new count; what was told at last has waited no more."""
    add_fault(sandboxes.klaviyo, {"path_prefix": UNSUBSCRIBE, "times": 2})
    opt_out(bundle)
    let_pass(bundle, minutes=20)
    assert 1200 <= longest_wait(bundle, capsys) < 1300
    c.propagate(bundle)
    opt_out(bundle)
    let_pass(bundle, minutes=20)
    assert 2400 <= longest_wait(bundle, capsys) < 2500
    c.propagate(bundle)
    assert c.klaviyo_shows(sandboxes, ("email", ANA)).startswith("UNSUBSCRIBED")
    assert {"verifying"} <= set(c.rows(bundle).values()) <= {"verifying", "settled", "skipped"}
    assert longest_wait(bundle, capsys) == 0.0


def test_what_was_told_is_read_back_through_the_opt_outs_queue(bundle: InProcessBundle) -> None:
    """It stands apart from what was not told, and still waits behind no opt-in."""
    opt_out(bundle)
    with bundle.function("due_dispatch") as module:
        module.handler({}, None)
    assert len(b.waiting(bundle, "OptOutsQueue")) == 1
    assert b.waiting(bundle, "OptInsQueue") == []


def test_a_refused_token_is_counted_and_the_opt_out_waits(
    bundle: InProcessBundle, sandboxes: Sandboxes, capsys: Captured
) -> None:
    """A 401 does not pass by itself: somebody is told, and the row stays open."""
    add_fault(sandboxes.klaviyo, {"path_prefix": UNSUBSCRIBE, "status": 401})
    opt_out(bundle)
    assert sum(printed(capsys, "CredentialsRefused")) == 1
    assert c.rows(bundle)["klaviyo"] == "pending"
    let_pass(bundle, minutes=1)
    assert longest_wait(bundle, capsys) >= 60
