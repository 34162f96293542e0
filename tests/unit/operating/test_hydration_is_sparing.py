"""A store that is away costs one question, and holds up nobody else's deliveries."""

from collections.abc import Mapping

import pytest
from commerce_sync.composing.hydrating import WHILE_AWAY, SparingRecords
from commerce_sync.errors import RetriableError


class Store:
    """A store that is away, or is not."""

    def __init__(self) -> None:
        self.error: RetriableError | None = None
        self.asked = 0

    def read(self, kind: str, record_id: str) -> Mapping[str, object] | None:
        """What was asked for."""
        self.asked += 1
        if self.error:
            raise self.error
        return {"kind": kind, "id": record_id}


@pytest.mark.parametrize(("said", "wait"), [(None, WHILE_AWAY), (30.0, 30.0)])
def test_a_store_that_does_not_answer_is_not_asked_for_a_while(said: float | None, wait: float) -> None:
    """As long as it says, or a little; then again."""
    store, now = Store(), [100.0]
    records = SparingRecords(store, lambda: now[0])
    store.error = RetriableError("away", retry_after=said)
    for _ in range(10):
        with pytest.raises(RetriableError):
            records.read("order", "1")
    assert store.asked == 1

    now[0], store.error = 100.0 + wait, None
    assert records.read("order", "1") == {"kind": "order", "id": "1"}
    assert records.read("order", "2") == {"kind": "order", "id": "2"}
    assert store.asked == 3
