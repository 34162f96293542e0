"""The field map: what is shipped writes against no owner, and a bad file fails the build by its place and reason."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from commerce_sync.config.advanced import advanced_properties
from commerce_sync.config.fields import FieldsFile, field_map, names_spoken_for
from commerce_sync.config.loading import load
from commerce_sync.contracts.field_names import CONSENT_NAMES, HUBSPOTS_OWN, REVENUE_NAMES, TRANSFORMS, WORKED_OUT
from commerce_sync.contracts.fields import FieldLine
from commerce_sync.errors import ConfigurationError
from commerce_sync.vendors.hubspot.consent_properties import CONSENT_PROPERTIES
from commerce_sync.vendors.hubspot.properties import LINE_ITEM_PROPERTIES, ORDER_PROPERTIES

Field = dict[str, Any]
GOOD: Field = {
    "owner": "hubspot",
    "source": "firstname",
    "destination": "klaviyo",
    "name": "first_name",
    "kind": "attribute",
}
TOTAL: Field = {
    "owner": "store",
    "source": "orders.total",
    "destination": "hubspot",
    "name": "sync_order_total",
    "type": "number",
    "label": "Orders total",
}
LIST = {"hubspot": "41", "name": "VIP", "klaviyo": "Y6nRLr"}
BAD: dict[str, tuple[Field, Field, str]] = {
    "an owner that nobody is": (GOOD, {"owner": "klaviyo"}, "owner"),
    "a field that goes to its owner": (GOOD, {"destination": "hubspot"}, "destination"),
    "both ways": (GOOD, {"direction": "both"}, "direction"),
    "no destination": (GOOD, {"destination": None}, "destination"),
    "an unknown kind": (GOOD, {"kind": "tag"}, "kind"),
    "an unknown type": (GOOD, {"type": "money"}, "type"),
    "an unknown transform": (GOOD, {"transform": "rot13"}, "transform"),
    "an unknown time to send": (GOOD, {"send": "daily"}, "send"),
    "no name": (GOOD, {"name": ""}, "name"),
    "no source": (GOOD, {"source": None}, "source"),
    "a source that HubSpot could not have": (GOOD, {"source": "First Name"}, "source"),
    "a source that nobody works out": (GOOD, {"source": "owner.shoe_size", "kind": "property"}, "source"),
    "what the bundle works out, as HubSpot's": (GOOD, {"source": "rfm.segment", "kind": "property"}, "source"),
    "a property of HubSpot's, as the store's": (TOTAL, {"source": "total_revenue"}, "source"),
    "an attribute that Klaviyo does not have": (GOOD, {"name": "shoe_size"}, "kind"),
    "the email address, which is whom it is about": (GOOD, {"name": "email"}, "kind"),
    "a phone number as a plain attribute": (GOOD, {"name": "phone_number"}, "kind"),
    "Klaviyo's external id": (GOOD, {"name": "external_id"}, "kind"),
    "the mark of a held phone number": (GOOD, {"name": "sync_sms_hold", "kind": "property"}, "name"),
    "an attribute that is a number": (GOOD, {"type": "number"}, "type"),
    "a phone that is read as it is": (GOOD, {"name": "a_phone", "kind": "phone"}, "transform"),
    "an attribute at HubSpot": (TOTAL, {"kind": "attribute"}, "kind"),
    "a phone at HubSpot": (TOTAL, {"kind": "phone", "type": "text"}, "kind"),
    "a set at HubSpot": (TOTAL, {"type": "set"}, "type"),
    "a number that is said to be a text": (TOTAL, {"type": "text"}, "transform"),
    "a number that nobody said is one": (TOTAL, {"type": None}, "transform"),
    "a day that is said to be a moment": (
        GOOD,
        {"kind": "property", "transform": "day", "type": "datetime"},
        "transform",
    ),
    "a name that HubSpot would refuse": (TOTAL, {"name": "sync Total"}, "name"),
    "a property that only HubSpot writes": (TOTAL, {"name": "total_revenue"}, "name"),
    "one of those that HubSpot calculates": (TOTAL, {"name": "hs_predictivecontactscore"}, "name"),
    "a field that HubSpot owns": (TOTAL, {"name": "hs_lead_status"}, "name"),
    "a person's own data": (TOTAL, {"name": "firstname"}, "name"),
    "what the consent ledger says": (TOTAL, {"name": "sync_email_opt_in_at"}, "name"),
    "what orders say": (TOTAL, {"name": "sync_company_amount"}, "name"),
    "nothing for people to read": (TOTAL, {"label": " "}, "label"),
}
AGAINST_EACH_OTHER: dict[str, tuple[list[Field], str]] = {
    "one place from two sources": ([GOOD, {**GOOD, "source": "lastname"}], "two fields write one destination"),
    "one place from two owners": (
        [{**TOTAL, "destination": "klaviyo", "name": "x"}, {**GOOD, "kind": "property", "name": "x"}],
        "two fields write one destination: klaviyo x",
    ),
    "a phone beside a property of its name": (
        [{**GOOD, "name": "x", "kind": "property"}, {**GOOD, "name": "x", "kind": "phone", "transform": "phone"}],
        "two fields write one destination",
    ),
    "two phones": (
        [{**GOOD, "name": name, "kind": "phone", "transform": "phone"} for name in ("x", "y")],
        "two fields write one phone number",
    ),
    "both ways, by two lines": (
        [TOTAL, {**GOOD, "source": "sync_order_total", "name": "total", "kind": "property"}],
        "a field goes one way, and these are read from HubSpot too: sync_order_total",
    ),
    "a lifecycle that nobody asked to write": (
        [{**TOTAL, "source": "orders.lifecycle", "type": "text", "name": "lifecyclestage"}],
        'only with lifecycle = "forward"',
    ),
}


def table(name: str, values: Field) -> str:
    """One table of an array."""
    lines = (f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None)
    return "\n".join([f"[[{name}]]", *lines, ""])


def read(folder: Path, *fields: Field, before: str = "") -> FieldsFile:
    """A file, read."""
    (folder / "fields.toml").write_text(before + "".join(table("field", one) for one in fields))
    return load(FieldsFile, "fields", folder)


def refusal(folder: Path, *fields: Field, before: str = "") -> str:
    """Why a file is refused."""
    with pytest.raises(ConfigurationError) as refused:
        read(folder, *fields, before=before)
    assert str(refused.value).startswith("fields.toml: ")
    return str(refused.value)


def test_what_the_tests_below_spoil_is_good(tmp_path: Path) -> None:
    """Both directions, and a list."""
    found = read(tmp_path, GOOD, TOTAL, before=table("list", LIST)).field
    assert [one.model_dump(exclude_defaults=True) for one in found] == [GOOD, TOTAL]


@pytest.mark.parametrize(("good", "change", "place"), BAD.values(), ids=BAD)
def test_a_bad_field_is_refused_by_file_and_place(good: Field, change: Field, place: str, tmp_path: Path) -> None:
    """The second line is the bad one, and the message says so."""
    first = {**GOOD, "name": "last_name"}
    assert f"field.#2.{place}: " in refusal(tmp_path, first, {**good, **change})


@pytest.mark.parametrize(("fields", "reason"), AGAINST_EACH_OTHER.values(), ids=AGAINST_EACH_OTHER)
def test_lines_that_are_good_alone_and_not_together_are_refused(
    fields: list[Field], reason: str, tmp_path: Path
) -> None:
    """The last writer would win, whoever owned the field."""
    assert reason in refusal(tmp_path, *fields)


def test_the_lifecycle_is_written_forward_only_where_that_is_meant(tmp_path: Path) -> None:
    """From what orders say, never cleared, and not while the same map reads it."""
    stage = {**TOTAL, "source": "orders.lifecycle", "type": "text", "name": "lifecyclestage"}
    meant = 'lifecycle = "forward"\n'
    assert read(tmp_path, stage, before=meant).field[0].line.name == "lifecyclestage"
    assert "never cleared" in refusal(tmp_path, {**stage, "clear": True}, before=meant)
    assert "its source is orders.lifecycle" in refusal(tmp_path, {**stage, "source": "orders.currency"}, before=meant)
    both = {**GOOD, "source": "lifecyclestage", "name": "stage", "kind": "property"}
    assert "a field goes one way" in refusal(tmp_path, stage, both, before=meant)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"hubspot": "41", "name": "Other", "klaviyo": None}, "a list of HubSpot's stands here twice: 41"),
        ({"hubspot": "42", "name": "VIP", "klaviyo": None}, "two lists are called the same: VIP"),
        ({"hubspot": "42", "name": "Other"}, "two lists fill one of Klaviyo's: Y6nRLr"),
        (
            {"hubspot": "42", "name": "Other", "klaviyo": "account"},
            "people consent to be on it, says consent.toml: account",
        ),
        ({"hubspot": "vip"}, "list.#2.hubspot"),
        ({"name": "a;b"}, "list.#2.name"),
    ],
)
def test_a_bad_list_is_refused(change: dict[str, str | None], reason: str, tmp_path: Path) -> None:
    """Two that fill one list would take out each other's members."""
    before = table("list", LIST) + table("list", {**LIST, **change})
    assert reason in refusal(tmp_path, GOOD, before=before)


def test_a_write_against_the_owner_cannot_be_expressed_by_what_is_shipped() -> None:
    """Design section 2: HubSpot's fields are never written there, and each place has one line in all files together."""
    lines = field_map().lines
    assert {(line.owner, line.destination) for line in lines} == {
        ("hubspot", "klaviyo"),
        ("store", "hubspot"),
        ("bundle", "hubspot"),
        ("bundle", "klaviyo"),
    }
    written = {line.name for line in lines if line.destination == "hubspot"}
    assert all(name.startswith("sync_") for name in written)
    assert not written & (HUBSPOTS_OWN | CONSENT_NAMES | REVENUE_NAMES | {line.source for line in lines})
    advanced = [
        (to, name) for one in advanced_properties() for to in ("klaviyo", "hubspot") if (name := one.name_at(to))
    ]
    places = [(line.destination, line.name, line.kind == "attribute") for line in lines]
    assert len(set(places)) == len(places)
    assert not set(advanced) & names_spoken_for(lines)


def test_what_is_read_from_hubspot_cannot_be_written_there_whoever_should_own_it(tmp_path: Path) -> None:
    """Each of the shipped map's properties, turned round under each owner, beside the line that reads it."""
    owned = [line for line in field_map().lines if line.owner == "hubspot" and not line.is_worked_out]
    assert owned
    for line in owned:
        for owner, source in (("hubspot", "firstname"), ("store", "orders.total"), ("bundle", "rfm.monetary")):
            assert refusal(tmp_path, asdict(line), {**TOTAL, "owner": owner, "source": source, "name": line.source})


def test_names_that_are_spoken_for_are_those_that_are_written() -> None:
    """A property that consent or orders come to write is spoken for too."""
    assert {one["name"] for one in CONSENT_PROPERTIES} == CONSENT_NAMES
    assert {one["name"] for one in (*ORDER_PROPERTIES, *LINE_ITEM_PROPERTIES)} == REVENUE_NAMES


def test_the_shipped_map_carries_what_the_systems_of_record_say() -> None:
    """By its sources: design section 2, and every source and transform that it names is known."""
    sources = {line.source for line in field_map().lines}
    wanted = (
        *("firstname", "lastname", "phone", "country", "lifecyclestage", "hs_lead_status", "hs_analytics_source"),
        *("hs_latest_source", "customer_type", "owner.name", "owner.email", "hs_email_optout", "deals.has_open"),
        *("hs_email_hard_bounce_reason_enum", "hs_email_quarantined", "tickets.open", "tickets.has_complaint"),
        *("orders.count", "orders.total", "orders.first_at", "orders.last_at", "rfm.segment", "touch.at"),
    )
    assert sources >= set(wanted)
    assert {line.transform for line in field_map().lines} <= set(TRANSFORMS)
    assert {source for source in sources if "." in source} <= set(WORKED_OUT)


def test_a_lines_key_tells_an_attribute_from_a_property() -> None:
    """Klaviyo's country, and somebody's property of that name."""
    attribute = FieldLine("hubspot", "country", "klaviyo", "country", kind="attribute")
    assert (attribute.key, FieldLine("hubspot", "c", "klaviyo", "country").key) == ("$country", "country")
