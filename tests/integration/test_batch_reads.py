"""Many items are read however many answers DynamoDB gives them in."""

from collections.abc import Iterator
from typing import Any

import pytest
from commerce_sync.aws.batch_reads import batch_get
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
