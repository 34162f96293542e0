"""Rejections: understood by a shop owner, and free of anything a body said."""

import json
import re
from typing import get_args

import pytest
from commerce_sync.intake.catalogue import CATALOGUE, Code
from commerce_sync.intake.rejections import refuse, reject

from tests.unit.intake.bigcommerce_bodies import UPDATED, bigcommerce_order, parts
from tests.unit.intake.bodies import order, refused, shopify
from tests.unit.intake.store_bodies import bigcommerce
from tests.unit.intake.test_translation_properties import SHAPES, Shape, places, put, told

PROGRAMMERS = re.compile(r"\b(?:int|str|bool|float|array|object|datetime|null|a order)\b")
ODD: tuple[object, ...] = (None, True, 5, 1.5, "x", "", [], {}, [5], {"a": 1}, -3)


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


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape[0]} {shape[1]}")
def test_what_was_expected_is_said_in_a_shop_owners_words(shape: Shape) -> None:
    """At every place of every body, and never nothing: a programmer's names of types help nobody who has to mend it."""
    source, topic, build = shape
    said = {
        rejection.expected
        for trail in places(build())
        for odd in ODD
        for rejection in told(source, topic, json.dumps(put(build(), trail, odd)).encode()).rejections
    }
    assert "" not in said
    assert [expected for expected in said if PROGRAMMERS.search(expected)] == []


def test_what_was_expected_of_a_stores_record_is_said_likewise() -> None:
    """Of one that was asked for, was not, or is not there."""
    rejections = [
        *bigcommerce(UPDATED, None).rejections,
        *bigcommerce(UPDATED, {}).rejections,
        *bigcommerce(UPDATED, parts(bigcommerce_order(status_id="11"))).rejections,
    ]
    assert [(one.code, one.expected) for one in rejections] == [
        ("not_asked", "the store's own record: order"),
        ("record_unknown", "a record that is still there: order"),
        ("wrong_type", "a whole number"),
    ]
