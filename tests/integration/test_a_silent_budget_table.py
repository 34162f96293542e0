"""A budget table that takes a call and says nothing: opt-outs go, all else waits, and nobody waits for long."""

import socket
import time
from collections.abc import Iterator

import pytest
from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.aws.clients import forget_clients
from commerce_sync.budgets.spending import Clocks, SharedBudget
from commerce_sync.contracts.budgets import Lane, Tier, VendorLimits, Window
from commerce_sync.errors import PausedError, RetriableError

pytestmark = pytest.mark.network
LIMITS = VendorLimits("v", {"t": Tier("t", (Window(40, 60),))}, (), "t")


@pytest.fixture(autouse=True)
def _silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A listener that lets everybody in and answers nobody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{listening.getsockname()[1]}")
        forget_clients()
        yield
    forget_clients()


def _worker(lane: Lane) -> SharedBudget:
    return SharedBudget(LIMITS, "v", lane, BudgetTable("silent"), Clocks(time.time, time.monotonic, time.sleep))


def test_a_read_or_a_write_without_an_answer_is_to_be_tried_again() -> None:
    """Botocore's own errors carry no answer."""
    with pytest.raises(RetriableError, match="ReadTimeoutError"):
        BudgetTable("silent").read("a")
    with pytest.raises(RetriableError, match="ReadTimeoutError"):
        BudgetTable("silent").write("a", "", 0)


def test_an_opt_out_goes_and_live_work_waits() -> None:
    """As with a table that refuses."""
    _worker("urgent").before("GET", "/")
    with pytest.raises(PausedError, match="cannot be read"):
        _worker("live").before("GET", "/")
