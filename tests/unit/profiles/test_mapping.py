"""Fields from what is known: nothing is told that was not read, nothing is cleared by accident."""

from typing import Any

from commerce_sync.composing.fields import TRANSFORMS
from commerce_sync.config.fields import field_map
from commerce_sync.contracts.crm import Owner, Ticket
from commerce_sync.contracts.fields import FieldLine, HubSpotList
from commerce_sync.profiles.beside import deals_known, lists_at_klaviyo, lists_known, owner_known, tickets_known
from commerce_sync.profiles.mapping import mapped, speakers
from hypothesis import given
from hypothesis import strategies as st

SHIPPED = field_map().to("klaviyo")
SOURCES = sorted({line.source for line in SHIPPED})
KEEPS = FieldLine("hubspot", "shoe_size", "klaviyo", "shoe_size", type="number")
CLEARS = FieldLine("hubspot", "shoe_size", "klaviyo", "shoe_size", type="number", clear=True)


def test_a_contact_becomes_what_klaviyo_shall_have() -> None:
    """Every kind of line at once, read off the shipped map by hand."""
    known = {
        "firstname": "Ana ",
        "lastname": "García",
        "phone": "600 111 222",
        "country": "España",
        "lifecyclestage": "customer",
        "hs_lead_status": "",
        "hs_analytics_source": "ORGANIC_SEARCH",
        "hs_email_optout": "true",
        "hs_email_hard_bounce_reason_enum": None,
        **owner_known("71001", {"71001": Owner("Mia Sample", "mia@brand.example")}),
        **deals_known(0),
        **tickets_known(
            [Ticket(is_open=True, category="BILLING_ISSUE"), Ticket(is_open=True), Ticket(is_open=False)],
            ("BILLING_ISSUE",),
        ),
    }
    found = mapped(known, SHIPPED, TRANSFORMS)
    assert found.unreadable == ()
    assert found.values == {
        "$first_name": "Ana",
        "$last_name": "García",
        "$hubspot_phone": "+34600111222",
        "$country": "Spain",
        "hubspot_country_code": "ES",
        "hubspot_lifecycle_stage": "customer",
        "hubspot_lead_status": None,
        "hubspot_original_source": "ORGANIC_SEARCH",
        "hubspot_owner_name": "Mia Sample",
        "hubspot_owner_email": "mia@brand.example",
        "hubspot_email_opted_out": "true",
        "hubspot_email_bounced": "false",
        "hubspot_has_open_deal": "false",
        "hubspot_open_tickets": "2",
        "hubspot_has_complaint": "true",
    }


def test_what_was_read_and_is_empty_is_cleared_only_where_that_is_meant() -> None:
    """Not read: nothing. Empty: None, or nothing. Unreadable: nothing, and it is named."""
    assert mapped({}, [CLEARS], TRANSFORMS).values == {}
    for empty in (None, "", "  "):
        assert mapped({"shoe_size": empty}, [CLEARS], TRANSFORMS).values == {"shoe_size": None}
        assert mapped({"shoe_size": empty}, [KEEPS], TRANSFORMS).values == {}
    for line in (CLEARS, KEEPS):
        unreadable = mapped({"shoe_size": "forty"}, [line], TRANSFORMS)
        assert (unreadable.values, unreadable.unreadable) == ({}, ("shoe_size",))


@given(st.dictionaries(st.sampled_from(SOURCES), st.none() | st.text()))
def test_a_value_is_none_only_where_its_line_clears_and_its_source_was_read_empty(known: dict[str, str | None]) -> None:
    """Over whatever HubSpot can hold, for the shipped map: a None is never an accident."""
    found = mapped(known, SHIPPED, TRANSFORMS)
    by_key = {line.key: line for line in SHIPPED}
    for key, value in found.values.items():
        line = by_key[key]
        assert line.source in known
        if value is None:
            assert line.clear
            assert not (known[line.source] or "").strip()
    assert set(found.unreadable) <= {source for source, text in known.items() if (text or "").strip()}


def test_nobodys_contact_has_no_owner_and_an_owner_that_is_not_known_is_left_alone() -> None:
    """A queue has a name and no address."""
    assert owner_known("", {}) == owner_known(None, {}) == {"owner.name": None, "owner.email": None}
    assert owner_known("9", {"8": Owner("Mia")}) == {}
    assert owner_known("8", {"8": Owner("Support queue")}) == {"owner.name": "Support queue", "owner.email": None}


def test_a_complaint_is_an_open_ticket_of_a_category_that_complains() -> None:
    """A closed one is none, nor is an open one of another kind."""
    kinds = ("COMPLAINT",)
    assert (
        tickets_known([Ticket(is_open=False, category="COMPLAINT"), Ticket(is_open=True, category="")], kinds)[
            "tickets.has_complaint"
        ]
        == "false"
    )
    assert tickets_known([], kinds) == {
        "tickets.open": "0",
        "tickets.has_open": "false",
        "tickets.has_complaint": "false",
    }


def test_lists_are_called_as_the_map_calls_them() -> None:
    """None of them is an empty set, which may be cleared."""
    lists = [HubSpotList("41", "VIP"), HubSpotList("42", "Press")]
    assert lists_known({"42": True, "41": True, "7": True}, lists) == {"lists.names": "Press;VIP"}
    assert lists_known({"42": False, "41": False}, lists) == {"lists.names": ""}
    assert lists_known({"42": True}, lists) == {}, "one was not read yet"


def test_lists_at_klaviyo_are_those_that_were_read() -> None:
    """Nobody is taken off a list for one that nobody has read."""
    lists = [HubSpotList("41", "VIP", "K1"), HubSpotList("42", "Press", "K2"), HubSpotList("43", "New", "K3")]
    assert lists_at_klaviyo({"41": True, "42": False}, lists) == {"K1": "true", "K2": None}
    assert lists_at_klaviyo({"41": True, "42": False}, lists, opted_out=True) == {"K1": None, "K2": None}


def contact(contact_id: str, modified: str | None) -> dict[str, Any]:
    """A contact as HubSpot shows it."""
    return {"id": contact_id, "properties": {"lastmodifieddate": modified}}


@given(st.permutations(range(4)))
def test_of_several_contacts_of_an_address_the_later_modified_speaks(order: list[int]) -> None:
    """Whatever order they are read in. Milliseconds count; of one moment the younger contact speaks."""
    several = [
        contact("501", "2026-11-21T10:00:00Z"),
        contact("502", "2026-11-21T10:00:00.123Z"),
        contact("99", "2026-11-21T10:00:00.123Z"),
        contact("503", None),
    ]
    emails = dict.fromkeys(("501", "502", "99", "503"), "ana@example.com")
    chosen = speakers([several[place] for place in order], emails)
    assert {email: one["id"] for email, one in chosen.items()} == {"ana@example.com": "502"}
    assert speakers(several, {"501": "ana@example.com"})["ana@example.com"]["id"] == "501"
