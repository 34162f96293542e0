"""A store that is away costs one question, and holds up nobody else's deliveries."""

import pytest
from commerce_sync.composing.hydrating import WHILE_AWAY, SparingRecords
from commerce_sync.errors import NotAllowedError, PausedError, RetriableError


class Store:
    """A store that is away, or is not."""

    def __init__(self) -> None:
        self.error: RetriableError | None = None
        self.asked = 0

    def read(self, kind: str, record_id: str) -> object | None:
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


def test_a_token_that_may_not_read_one_kind_holds_up_no_other() -> None:
    """Who left the newsletter is not held up by carts; and the kind itself is asked again after a while."""
    store, now = Store(), [100.0]
    records = SparingRecords(store, lambda: now[0])
    store.error = NotAllowedError("carts", retry_after=300.0)
    with pytest.raises(NotAllowedError):
        records.read("cart", "1")
    store.error = None

    assert records.read("subscriber", "1") == {"kind": "subscriber", "id": "1"}
    with pytest.raises(RetriableError):
        records.read("cart", "1")
    now[0] = 400.0
    assert records.read("cart", "1") == {"kind": "cart", "id": "1"}


def test_a_full_quota_holds_up_every_kind() -> None:
    """It is the store's."""
    store, now = Store(), [100.0]
    records = SparingRecords(store, lambda: now[0])
    store.error = PausedError("429", retry_after=5.0)
    with pytest.raises(PausedError):
        records.read("cart", "1")
    store.error = None

    with pytest.raises(RetriableError):
        records.read("subscriber", "1")
    assert store.asked == 1
