"""Which events are expected and who tells them: what is shipped is right, a bad file is refused by place and reason."""

import tomllib
from pathlib import Path
from typing import get_args

import pytest
from commerce_sync.config.events import EventsFile, events_rules, rules_of
from commerce_sync.config.loading import HERE, load
from commerce_sync.config.revenue import SELLING
from commerce_sync.config.stores import configured_stores
from commerce_sync.contracts.events import EventName
from commerce_sync.errors import ConfigurationError

SHIPPED = (HERE / "events.toml").read_text()
BAD = {
    "an event that there is not": ("added_to_cart = 24", "added_to_basket = 24", "store.#1.expected.added_to_basket"),
    "a change of a profile": ("added_to_cart = 24", "profile_updated = 24", "profile_updated"),
    "no patience at all": ("added_to_cart = 24", "added_to_cart = 0", "store.#1.expected.added_to_cart"),
    "a year of patience": ("added_to_cart = 24", "added_to_cart = 8760", "store.#1.expected.added_to_cart"),
    "a telling that is neither": ('klaviyo = "deliver"', 'klaviyo = "both"', "store.#1.klaviyo"),
    "verified against nobody": (
        'klaviyo = "deliver"\nhubspot = "deliver"\nexpected',
        'klaviyo = "verify"\nexpected',
        "integration",
    ),
    "verified, though the app does not tell it": (
        'integration = "BigCommerce"',
        'integration = "BigCommerce"\nklaviyo_events = { viewed_product = "verify" }',
        "BigCommerce has no metric of viewed_product",
    ),
    "an unknown key": ('id = "us"', 'id = "us"\ncolour = "red"', "store.#1.colour"),
    "a store that is not configured": ('id = "eu"', 'id = "mars"', "shopify:mars"),
    "a store twice": ('id = "eu"', 'id = "us"', "two tables"),
}


def _refusal(text: str, folder: Path) -> str:
    (folder / "events.toml").write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        rules_of(load(EventsFile, "events", folder))
    return str(refused.value)


def test_the_shipped_rules_cover_every_store_that_sells() -> None:
    """Each of them has its orders expected."""
    rules = events_rules()

    assert set(rules) == {key for key in configured_stores() if key[0] in SELLING}
    assert all("placed_order" in one.expected for one in rules.values())


def test_a_single_event_may_differ_from_its_store() -> None:
    """The native app tells orders, we tell the rest."""
    text = SHIPPED.replace('klaviyo = "deliver"', 'klaviyo = "verify"', 1)
    text = text.replace("[[store]]", '[[store]]\nklaviyo_events = { viewed_product = "deliver" }', 1)
    folder_rules = rules_of(EventsFile.model_validate(tomllib.loads(text)))

    assert folder_rules["shopify", "us"].to_klaviyo("viewed_product") == "deliver"
    assert folder_rules["shopify", "us"].to_klaviyo("placed_order") == "verify"


def test_what_an_app_has_no_metric_of_stays_ours() -> None:
    """BigCommerce's app tells orders and no visits: verified, a visit would be told by nobody."""
    head, _, rest = SHIPPED.partition('source = "bigcommerce"')
    text = head + 'source = "bigcommerce"' + rest.replace('klaviyo = "deliver"', 'klaviyo = "verify"', 1)
    rules = rules_of(EventsFile.model_validate(tomllib.loads(text)))["bigcommerce", "outlet"]

    assert {name for name in get_args(EventName) if rules.to_klaviyo(name) == "verify"} == {
        *("started_checkout", "placed_order", "ordered_product", "fulfilled_order", "cancelled_order"),
        "refunded_order",
    }


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_refused_by_its_place_and_reason(fault: str, tmp_path: Path) -> None:
    """The first occurrence is changed, and the refusal names what was changed."""
    before, after, place = BAD[fault]
    assert before in SHIPPED, fault

    refusal = _refusal(SHIPPED.replace(before, after, 1), tmp_path)

    assert "events.toml" in refusal
    assert place in refusal
