"""A bad advanced.toml fails the build, with the place in it and the reason; the shipped one is good."""

from pathlib import Path
from typing import Any

import pytest
from commerce_sync.config.advanced import AdvancedFile, advanced_properties, senders_of_properties
from commerce_sync.config.loading import load
from commerce_sync.errors import ConfigurationError

GOOD: dict[str, Any] = {
    "name": "shoe_size",
    "label": "Shoe size",
    "owner": "warehouse",
    "type": "number",
    "expires_after_days": 30,
    "klaviyo": "shoe_size",
    "hubspot": "sync_shoe_size",
}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a name that cannot be one": ({"name": "Shoe size"}, "property.#2.name"),
    "an unknown type": ({"type": "money"}, "property.#2.type"),
    "an unknown key": ({"colour": "red"}, "property.#2.colour"),
    "an end before the beginning": ({"expires_after_days": 0}, "property.#2.expires_after_days"),
    "a HubSpot name that HubSpot refuses": ({"hubspot": "Sync Size"}, "property.#2.hubspot"),
    "no owner": ({"owner": None}, "property.#2.owner"),
    "an owner that sends nothing": ({"owner": "nobody"}, 'no store of source "properties" in stores.toml: nobody'),
    "two owners": ({"name": "first", "owner": "helpdesk"}, "has one owner, and stands here once: first"),
    "a text of any kind": ({"type": "text"}, "a text has options"),
    "a number of a set": ({"options": ["1", "2"]}, "a text has options"),
    "options that look alike": ({"type": "text", "options": ["gold", "Gold"]}, "options are distinct"),
    "an empty option": ({"type": "text", "options": [""]}, "options are distinct"),
    "a destination that is written already": ({"klaviyo": "first"}, "another field writes to the same place"),
    "a destination of fields.toml": ({"klaviyo": "hubspot_lead_status"}, "another field writes to the same place"),
    "no destination": ({"klaviyo": None, "hubspot": None}, "it goes nowhere"),
}


def table(values: dict[str, Any]) -> str:
    """One ``[[property]]``."""
    lines = (f"{key} = {value!r}".replace("'", '"') for key, value in values.items() if value is not None)
    return "\n".join(["[[property]]", *lines, ""])


@pytest.mark.parametrize(("change", "reason"), BAD.values(), ids=BAD)
def test_a_bad_property_is_refused_by_its_place(change: dict[str, Any], reason: str, tmp_path: Path) -> None:
    """The second is the bad one."""
    first = {**GOOD, "name": "first", "klaviyo": "first", "hubspot": "sync_first"}
    (tmp_path / "advanced.toml").write_text(table(first) + table(GOOD))
    assert len(load(AdvancedFile, "advanced", tmp_path).property) == len((first, GOOD))
    (tmp_path / "advanced.toml").write_text(table(first) + table({**GOOD, **change}))
    with pytest.raises(ConfigurationError) as refused:
        load(AdvancedFile, "advanced", tmp_path)
    assert str(refused.value).startswith("advanced.toml: ")
    assert reason in str(refused.value)


def test_the_shipped_properties_are_those_that_shops_ask_for() -> None:
    """Each with a type and an owner; suppressions of fraud have no end of their own."""
    shipped = {one.name: (one.type, one.owner, one.expires_after_days) for one in advanced_properties()}
    assert shipped == {
        "loyalty_tier": ("text", "warehouse", 400),
        "margin_band": ("text", "warehouse", 400),
        "predicted_replenishment_date": ("date", "warehouse", 120),
        "support_risk_score": ("number", "helpdesk", 90),
        "fraud_suppression": ("boolean", "helpdesk", None),
        "support_suppression": ("boolean", "helpdesk", 60),
    }


def test_senders_know_all_properties_and_shops_know_none() -> None:
    """A row is read against them; a shop's body has nothing to do with it."""
    stores = senders_of_properties()
    assert stores["properties", "warehouse"].advanced == advanced_properties()
    assert "shopify:us" in stores["properties", "helpdesk"].shops
    assert stores["shopify", "us"].advanced == ()
