"""Many items are read and written however many answers DynamoDB gives them in."""

from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.aws.batch_reads import batch_get
from commerce_sync.aws.batch_writes import batch_write
from commerce_sync.errors import RetriableError

from local.in_process import InProcessBundle, in_process_bundle
from tests.fakes import bundle as b


@pytest.fixture
def bundle() -> Iterator[InProcessBundle]:
    """A fresh table."""
    with in_process_bundle() as fresh:
        yield fresh


def keys(number: int) -> list[dict[str, Any]]:
    """So many."""
    return [{"key": {"S": f"k{one:03}"}} for one in range(number)]


def test_items_of_more_than_sixteen_megabytes_are_read_in_several_answers(bundle: InProcessBundle) -> None:
    """A hundred people of whom much is kept: DynamoDB never gives them at once."""
    table = bundle.names["IdentityTable"]
    for key in keys(60):
        b.aws_client("dynamodb").put_item(TableName=table, Item={**key, "values": {"S": "x" * 390_000}})
    found = batch_get(table, keys(70))
    assert sorted(item["key"]["S"] for item in found) == [f"k{one:03}" for one in range(60)]


class Throttled:
    """Gives so many items an answer."""

    def __init__(self, *answers: int) -> None:
        self.left = list(answers)

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 # DynamoDB's
        """As DynamoDB does."""
        given = self.left.pop(0)
        asked = RequestItems["t"]["Keys"]
        unprocessed = {"t": {**RequestItems["t"], "Keys": asked[given:]}} if asked[given:] else {}
        return {"Responses": {"t": asked[:given]}, "UnprocessedKeys": unprocessed}


def test_a_table_that_is_busy_is_asked_again_and_given_up_where_it_gives_nothing() -> None:
    """After some pauses; what it gives in between counts."""
    naps: list[float] = []
    assert batch_get("t", keys(3), naps.append, Throttled(0, 1, 0, 2)) == keys(3)
    assert len(naps) == 2
    with pytest.raises(RetriableError, match="only in part"):
        batch_get("t", keys(3), naps.append, Throttled(1, 0, 0, 0, 0, 0))


class Busy:
    """Takes so many items a call, and at most 25."""

    def __init__(self, *calls: int) -> None:
        self.left = list(calls)
        self.written: list[dict[str, Any]] = []

    def batch_write_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803 # DynamoDB's
        """As DynamoDB does."""
        asked, taken = RequestItems["t"], self.left.pop(0)
        assert 0 < len(asked) <= 25
        self.written += asked[:taken]
        return {"UnprocessedItems": {"t": asked[taken:]} if asked[taken:] else {}}


def test_a_table_that_takes_a_part_is_given_the_rest_and_each_item_once() -> None:
    """Two calls' worth, in five."""
    wanted, naps = [{"DeleteRequest": {"Key": key}} for key in keys(30)], list[float]()
    busy = Busy(10, 0, 15, 4, 1)
    batch_write("t", wanted, naps.append, busy)
    assert (busy.written, len(naps)) == (wanted, 3)
    with pytest.raises(RetriableError, match="only a part"):
        batch_write("t", wanted, naps.append, Busy(*[24, *[0] * 7]))
    batch_write("t", [], naps.append, Busy())
