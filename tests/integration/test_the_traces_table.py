"""Traces on DynamoDB: found under every pepper, each once, expiring with what they lead to."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from commerce_sync.aws.traces import Traces
from commerce_sync.identity.keys import IdentifierKeys

from local.in_process import InProcessBundle, in_process_bundle
from tests.fakes import bundle as b

ANA, BEN = ("email", "ana@example.com"), ("email", "ben@example.com")
OLD = IdentifierKeys({"current": "1", "1": "the-first-pepper-of-tests"})
NEW = IdentifierKeys({"current": "2", "1": "the-first-pepper-of-tests", "2": "the-second-pepper-of-tests"})
LATER = datetime(2026, 12, 21, tzinfo=UTC)


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """A fresh table."""
    with in_process_bundle() as fresh:
        yield fresh


def test_traces_are_found_under_every_pepper(bundle: InProcessBundle) -> None:
    """What was noted under an old pepper is found and removed with the new one."""
    name = bundle.names["TracesTable"]
    Traces(name, OLD).note([(ANA, "archive#a", LATER), (ANA, "order#o", None), (BEN, "order#b", None)])
    traces = Traces(name, NEW)
    traces.note([(ANA, "archive#a", LATER), (ANA, "archive#c", LATER)])
    assert list(traces.of([ANA])) == ["archive#a", "archive#c", "order#o"]
    assert traces.remove([ANA], ["archive#a", "order#o", "order#unknown"]) == 3
    assert (list(traces.of([ANA])), list(traces.of([BEN]))) == (["archive#c"], ["order#b"])


def test_a_trace_of_a_delivery_expires_with_it_and_names_nobody(bundle: InProcessBundle) -> None:
    """Seconds since the epoch for the time to live; an order's trace has none."""
    Traces(bundle.names["TracesTable"], OLD).note([(ANA, "archive#a", LATER), (ANA, "order#o", None)])
    items = {item["trace"]["S"]: item for item in b.items(bundle, "TracesTable")}
    assert items["archive#a"]["expires_at"] == {"N": str(int(LATER.timestamp()))}
    assert "expires_at" not in items["order#o"]
    assert "ana" not in str(items)


def test_many_traces_are_noted_twice_and_removed_twice_without_harm(bundle: InProcessBundle) -> None:
    """More than one batch of writes."""
    traces = Traces(bundle.names["TracesTable"], OLD)
    rows = [(ANA, f"order#{number:03}", None) for number in range(60)]
    for _ in range(2):
        traces.note(rows)
    assert len(list(traces.of([ANA, ANA]))) == 60
    everything = [trace for _, trace, _ in rows]
    assert [traces.remove([ANA], everything) for _ in range(2)] == [60, 0]
