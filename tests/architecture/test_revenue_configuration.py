"""How orders become revenue: what is shipped is right, and a bad file is refused by its place and reason."""

from pathlib import Path

import pytest
from commerce_sync.config.loading import HERE, load
from commerce_sync.config.revenue import SELLING, STAGES, RevenueFile, revenue_rules, rules_of
from commerce_sync.config.stores import configured_stores
from commerce_sync.errors import ConfigurationError

SHIPPED = (HERE / "revenue.toml").read_text()
BAD = {
    "a currency that ISO 4217 does not know": ('"USD"', '"ZZZ"', "company_currency"),
    "a currency in small letters": ('"USD"', '"usd"', "company_currency"),
    "no currency": ('company_currency = "USD"', "", "company_currency"),
    "too few days for Easter": ("most_days_back = 5", "most_days_back = 3", "most_days_back"),
    "a month of days": ("most_days_back = 5", "most_days_back = 31", "most_days_back"),
    "an object that is neither": ('object = "order"', 'object = "invoice"', "store.#1.object"),
    "both objects": ('object = "order"', 'object = ["order", "deal"]', "store.#1.object"),
    "a rate of nobody": ('rate = "ecb"', 'rate = "guess"', "store.#1.rate"),
    "an unknown key": ('id = "us"', 'id = "us"\ncolour = "red"', "store.#1.colour"),
    "a state without a stage": ('paid = "closedwon"\n', "", "deal.stages"),
    "a stage without a name": ('paid = "closedwon"', 'paid = " "', "deal.stages"),
    "a state that there is not": ('paid = "closedwon"', 'paid = "closedwon"\nlost = "x"', "deal.stages.lost"),
    "no pipeline": ('pipeline = "default"', 'pipeline = ""', "deal.pipeline"),
}


def _refusal(text: str, folder: Path) -> str:
    (folder / "revenue.toml").write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        rules_of(load(RevenueFile, "revenue", folder))
    return str(refused.value)


def test_the_shipped_rules_cover_every_store_that_sells() -> None:
    """Each store has one object; each state of an order a stage."""
    rules = revenue_rules()

    assert set(rules.stores) == {key for key in configured_stores() if key[0] in SELLING}
    assert all(set(pipeline.stages) == STAGES for pipeline in rules.pipelines.values())
    assert {store.time_zone for store in rules.stores.values()} <= {
        store.time_zone for store in configured_stores().values()
    }


@pytest.mark.parametrize(("shipped", "spoilt", "place"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_by_its_place(shipped: str, spoilt: str, place: str, tmp_path: Path) -> None:
    """What is spoilt here was valid before."""
    assert shipped in SHIPPED

    assert f"revenue.toml: {place}" in _refusal(SHIPPED.replace(shipped, spoilt, 1), tmp_path)


def test_two_tables_of_one_store_are_refused(tmp_path: Path) -> None:
    """Its revenue would be two objects."""
    text = SHIPPED + '\n[[store]]\nsource = "shopify"\nid = "us"\nobject = "deal"\n'

    assert "two tables are about one store" in _refusal(text, tmp_path)


@pytest.mark.parametrize("store", ['source = "shopify"\nid = "nowhere"', 'source = "hubspot"\nid = "main"'])
def test_a_store_that_is_not_configured_or_sells_nothing_is_refused(store: str, tmp_path: Path) -> None:
    """A misspelt id would silently be a store of defaults."""
    assert "sells nothing, or is not in stores.toml" in _refusal(f"{SHIPPED}\n[[store]]\n{store}\n", tmp_path)
