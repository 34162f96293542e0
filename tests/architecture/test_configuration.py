"""A bad configuration file is refused, with its name, the place in it, and the reason."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from commerce_sync.config.loading import load
from commerce_sync.config.stores import StoresFile
from commerce_sync.errors import ConfigurationError

Table = dict[str, str | list[str] | None]
GOOD_STORE = {
    "source": "shopify",
    "id": "us",
    "currency": "USD",
    "country": "US",
    "time_zone": "America/New_York",
}
BAD_STORES = {
    "an unknown source": ({"source": "magento"}, "source"),
    "a currency in small letters": ({"currency": "usd"}, "currency"),
    "a currency of two letters": ({"currency": "US"}, "currency"),
    "a currency that ISO 4217 does not know": ({"currency": "ZZZ"}, "currency"),
    "no currency": ({"currency": None}, "currency"),
    "a country by its name": ({"country": "Germany"}, "country"),
    "a country that does not exist": ({"country": "ZZ"}, "country"),
    "a time zone that does not exist": ({"time_zone": "Europe/Atlantis"}, "time_zone"),
    "an id that cannot stand in a URL": ({"id": "US Shop"}, "id"),
    "an id that leaves its folder": ({"id": "../us"}, "id"),
    "an empty id": ({"id": ""}, "id"),
    "an unknown key": ({"colour": "red"}, "colour"),
}
GOOD_PAGES: Table = {
    **GOOD_STORE,
    "source": "web",
    "shop": "shopify:us",
    "origins": ["https://shop.example.com", "null"],
}
BAD_PAGES: dict[str, Table] = {
    "no shop": {"shop": None},
    "no origins": {"origins": None},
    "an empty list of origins": {"origins": []},
    "a shop that is not there": {"shop": "shopify:eu"},
    "a shop that is no shop": {"shop": "hubspot:main"},
    "another currency than the shop's": {"currency": "EUR"},
    "any origin": {"origins": ["*"]},
    "an origin with a path": {"origins": ["https://shop.example.com/"]},
    "an origin that everybody on the way can read": {"origins": ["http://shop.example.com"]},
    "a shop of a shop": {"source": "own"},
}


def _table(name: str, *tables: Mapping[str, str | list[str] | None]) -> str:
    return "\n".join(
        "\n".join(
            [f"[[{name}]]", *(f"{key} = {json.dumps(value)}" for key, value in table.items() if value is not None)]
        )
        for table in tables
    )


def _refusal(model: type[StoresFile], text: str, folder: Path) -> str:
    (folder / "sample.toml").write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        load(model, "sample", folder)
    return str(refused.value)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    """What the tests below spoil is valid to begin with."""
    (tmp_path / "stores.toml").write_text(_table("store", {**GOOD_STORE}))

    assert load(StoresFile, "stores", tmp_path).store[0].model_dump(exclude_defaults=True) == GOOD_STORE


@pytest.mark.parametrize(("change", "place"), BAD_STORES.values(), ids=BAD_STORES)
def test_a_bad_store_is_refused_by_file_and_place(change: dict[str, str | None], place: str, tmp_path: Path) -> None:
    """The second store is the bad one, and the message says so."""
    text = _table("store", {**GOOD_STORE, "id": "first"}, {**GOOD_STORE, **change})

    assert f"sample.toml: store.#2.{place}: " in _refusal(StoresFile, text, tmp_path)


def test_a_shops_pages_are_read_with_their_origins(tmp_path: Path) -> None:
    """What the tests below spoil is valid."""
    (tmp_path / "stores.toml").write_text(_table("store", GOOD_STORE, GOOD_PAGES))

    pages = load(StoresFile, "stores", tmp_path).store[1]

    assert (pages.shop, pages.origins) == ("shopify:us", ("https://shop.example.com", "null"))


@pytest.mark.parametrize("change", BAD_PAGES.values(), ids=BAD_PAGES)
def test_pages_without_a_shop_or_with_loose_origins_are_refused(change: Table, tmp_path: Path) -> None:
    """Events of nobody's shop, or from everybody's pages."""
    assert _refusal(StoresFile, _table("store", GOOD_STORE, GOOD_PAGES | change), tmp_path)


def test_two_stores_of_one_id_are_refused(tmp_path: Path) -> None:
    """Their events would share ids."""
    text = _table("store", {**GOOD_STORE}, {**GOOD_STORE, "currency": "EUR"})

    refusal = _refusal(StoresFile, text, tmp_path)

    assert refusal.startswith("sample.toml: ")
    assert "two stores share a source and an id" in refusal


@pytest.mark.parametrize(
    ("source", "shop", "reason"),
    [
        ("recharge", "shopify:nowhere", "no store of this file that sells: shopify:nowhere"),
        ("recharge", "klaviyo:main", "no store of this file that sells: klaviyo:main"),
        ("woocommerce", "shopify:us", "what Recharge charges for: woocommerce"),
    ],
)
def test_a_shop_is_a_store_that_recharge_charges_for(source: str, shop: str, reason: str, tmp_path: Path) -> None:
    """A misspelt one would join nobody, in silence."""
    good: dict[str, str | None] = {**GOOD_STORE, "source": "recharge", "id": "club", "shop": "shopify:us"}
    (tmp_path / "stores.toml").write_text(_table("store", {**GOOD_STORE}, good))
    assert load(StoresFile, "stores", tmp_path).store[1].shop == "shopify:us"

    assert reason in _refusal(
        StoresFile, _table("store", {**GOOD_STORE}, good | {"source": source, "shop": shop}), tmp_path
    )


@pytest.mark.parametrize("text", ["", "store = []", "[store]\nid = 'us'"])
def test_a_file_without_stores_is_refused(text: str, tmp_path: Path) -> None:
    """An empty list would refuse every delivery."""
    assert _refusal(StoresFile, text, tmp_path).startswith("sample.toml: store: ")


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    """A misspelt heading is not a comment."""
    text = _table("store", {**GOOD_STORE}) + "\n[limits]\nmost = 1"

    assert "sample.toml: limits: " in _refusal(StoresFile, text, tmp_path)


def test_broken_toml_is_refused_by_line(tmp_path: Path) -> None:
    """The parser's own place is passed on."""
    refusal = _refusal(StoresFile, "[[store]]\nid = us\n", tmp_path)

    assert refusal.startswith("sample.toml: ")
    assert "line 2" in refusal
