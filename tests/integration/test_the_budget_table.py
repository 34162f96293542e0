"""Budgets in the table: many workers share one count, and a table that does not answer holds up no opt-out."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

import boto3
import pytest
from botocore.exceptions import ClientError
from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.aws.clients import forget_clients
from commerce_sync.budgets.spending import Clocks, SharedBudget
from commerce_sync.contracts.budgets import Heard, Lane, Tier, VendorLimits, Window
from commerce_sync.errors import PausedError, RetriableError
from moto import mock_aws

from local.emulator import CREDENTIALS
from local.places import REGION

TABLE = "budgets"
ATOMIC = Lock()
LIMITS = VendorLimits("v", {"t": Tier("t", (Window(40, 60),))}, (), "t")


@pytest.fixture(autouse=True)
def _table(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        forget_clients()
        boto3.client("dynamodb", region_name=REGION).create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "name", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "name", "KeyType": "HASH"}],
        )
        yield
        forget_clients()


class AtomicTable(BudgetTable):
    """Checks a condition and writes in one step, as DynamoDB does and moto does not."""

    def write(self, name: str, text: str, revision: int) -> bool:
        """One at a time."""
        with ATOMIC:
            return super().write(name, text, revision)


def _worker(lane: Lane, table: str = TABLE) -> SharedBudget:
    return SharedBudget(LIMITS, "v", lane, AtomicTable(table), Clocks(time.time, time.monotonic, time.sleep))


def test_a_row_is_written_over_the_revision_that_was_read_only() -> None:
    """Whoever is second reads again."""
    table = BudgetTable(TABLE)
    assert table.read("a") == ("", 0)
    assert table.write("a", "one", 0)
    assert not table.write("a", "two", 0)
    assert table.write("a", "two", 1)

    assert table.read("a") == ("two", 2)
    assert dict(table.all()) == {"a": "two"}


def test_threads_that_draw_at_once_stay_within_one_count() -> None:
    """Six workers want 60 calls; live work has 36 of the window's 40, and opt-outs find the rest."""

    def draw(worker: SharedBudget) -> int:
        drawn = 0
        for _ in range(10):
            try:
                worker.before("GET", "/")
            except PausedError as error:
                if "used up" in str(error):
                    break
                continue
            drawn += 1
        return drawn

    with ThreadPoolExecutor(6) as pool:
        drawn = sum(pool.map(draw, [_worker("live") for _ in range(6)]))
    with pytest.raises(PausedError, match="used up"):
        _worker("live").before("GET", "/")
    for _ in range(4):
        _worker("urgent").before("GET", "/")

    assert 0 < drawn <= 36


def test_a_pause_that_one_worker_recorded_holds_the_next_call_of_every_other() -> None:
    """Read strongly consistent before every call, whatever the other holds."""
    first, second = _worker("live"), _worker("urgent")
    second.before("GET", "/")
    first.before("GET", "/")
    first.after("GET", "/", Heard(60.0))

    with pytest.raises(PausedError, match="the vendor asked to wait"):
        second.before("GET", "/")


def test_a_table_that_does_not_answer_holds_up_no_opt_out() -> None:
    """It goes uncounted; live work waits for a moment."""
    with pytest.raises(RetriableError, match="ResourceNotFoundException"):
        BudgetTable("gone").read("a")
    with pytest.raises(RetriableError, match="ResourceNotFoundException"):
        BudgetTable("gone").write("a", "", 0)
    _worker("urgent", "gone").before("GET", "/")
    with pytest.raises(PausedError, match="cannot be read"):
        _worker("live", "gone").before("GET", "/")
    with pytest.raises(ClientError):
        list(BudgetTable("gone").all())
