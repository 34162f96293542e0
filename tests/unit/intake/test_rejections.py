"""Rejections: understood by a shop owner, and free of anything a body said."""

from typing import get_args

import pytest
from commerce_sync.intake.catalogue import CATALOGUE, Code
from commerce_sync.intake.rejections import refuse, reject

from tests.unit.intake.bodies import order, refused, shopify


def test_every_code_says_what_it_means_and_what_to_do() -> None:
    """In whole sentences."""
    assert set(CATALOGUE) == set(get_args(Code))
    for code, reason in CATALOGUE.items():
        assert reason.meaning.endswith("."), code
        assert reason.action.endswith("."), code
        assert reject(code).advice == f"{reason.meaning} {reason.action}"


def test_a_rejection_grows_its_path_on_the_way_out() -> None:
    """Each level knows only its own place."""
    error = refuse("bad_money", "amount", "an amount").inside("transactions[1]").inside("refunds[0]")
    assert error.rejection.path == "refunds[0].transactions[1].amount"
    assert refuse("too_deep").inside("[3]").rejection.path == "[3]"
    assert str(error) == "bad_money at refunds[0].transactions[1].amount"


@pytest.mark.parametrize(
    "field", ["id", "name", "created_at", "currency", "total_price", "line_items", "email", "customer", "test"]
)
@pytest.mark.parametrize("planted", ["ada.secret@example.com", ["ada.secret@example.com"], {"ada.secret": 1}])
def test_a_rejection_never_repeats_what_stood_in_the_body(field: str, planted: object) -> None:
    """Bodies hold personal data, and rejections are logged and reported."""
    translation = shopify("orders/create", order(**{field: planted}))
    assert "secret" not in repr(translation.rejections)


def test_a_rejection_is_of_one_place() -> None:
    """The first thing that is wrong is the one that is named."""
    rejection = refused(shopify("orders/create", order(currency="??", total_price="??")))
    assert rejection.path == "currency"
