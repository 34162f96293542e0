"""What answers say of limits, read from headers as the vendors write them."""

from datetime import UTC, datetime

import pytest
from commerce_sync.contracts.budgets import Heard, Quota
from commerce_sync.vendors.quotas import heard_in

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DAY = 86_400


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        (" 7 ", 7.0),
        ("2.5", 2.5),
        ("0", 1.0),
        ("Sun, 29 Nov 2026 12:01:30 GMT", 90.0),
        ("Sun, 29 Nov 2026 11:00:00 GMT", 1.0),
        ("Sun, 29 Nov 2026 13:00:30 +0100", 30.0),
        ("999999999999", 86_400.0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400.0),
        ("9" * 400, 86_400.0),
        ("-5", 10.0),
        ("soon", 10.0),
        ("NaN", 10.0),
        ("inf", 10.0),
        ("", 10.0),
        (None, 10.0),
    ],
)
def test_retry_after_in_every_form(header: str | None, seconds: float) -> None:
    """Seconds, a date, absent, absurd: at least a second, at most a day, ten seconds where it says nothing."""
    headers = {} if header is None else {"Retry-After": header}

    assert heard_in(429, headers, {}, NOW) == Heard(seconds)


@pytest.mark.parametrize(
    ("policy", "heard"),
    [
        ("SECONDLY", Heard(1.0)),
        ("TEN_SECONDLY_ROLLING", Heard(10.0)),
        ("DAILY", Heard(3600.0, "day")),
        (["DAILY"], Heard(10.0)),
        (None, Heard(10.0)),
    ],
)
def test_hubspot_names_the_limit_instead_of_a_time(policy: object, heard: Heard) -> None:
    """How long each lasts follows from what it is."""
    assert heard_in(429, {}, {"policyName": policy}, NOW) == heard


def test_bigcommerce_says_when_its_window_ends() -> None:
    """In milliseconds."""
    assert heard_in(429, {"X-Rate-Limit-Time-Reset-Ms": "12500"}, {}, NOW).wait == 12.5


def test_an_account_that_moves_is_left_alone_for_as_long_as_it_says() -> None:
    """HubSpot's 477 is the account's; a 503 with a time is the call's; without one it says nothing."""
    assert heard_in(477, {"Retry-After": "7200"}, {}, NOW) == Heard(7200.0, "account")
    assert heard_in(503, {"Retry-After": "20"}, {}, NOW) == Heard(20.0)
    assert heard_in(503, {}, {}, NOW) == Heard()


@pytest.mark.parametrize(
    ("headers", "quotas"),
    [
        (
            {"RateLimit-Limit": "3500", "RateLimit-Remaining": "12", "RateLimit-Reset": "42"},
            (Quota(3500, 12, 60, 42.0),),
        ),
        (
            {"RateLimit-Limit": "750, 75;w=1, 750;w=60", "RateLimit-Remaining": "7", "RateLimit-Reset": "9"},
            (Quota(750, 7, 60, 9.0),),
        ),
        (
            {
                "X-HubSpot-RateLimit-Max": "190",
                "X-HubSpot-RateLimit-Remaining": "20",
                "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
                "X-HubSpot-RateLimit-Daily": "625000",
                "X-HubSpot-RateLimit-Daily-Remaining": "1",
            },
            (Quota(190, 20, 10, 1.0), Quota(625_000, 1, DAY, DAY)),
        ),
        (
            {
                "X-Rate-Limit-Requests-Quota": "450",
                "X-Rate-Limit-Requests-Left": "3",
                "X-Rate-Limit-Time-Window-Ms": "30000",
                "X-Rate-Limit-Time-Reset-Ms": "15000",
            },
            (Quota(450, 3, 30, 15.0),),
        ),
        ({"X-Shopify-Shop-Api-Call-Limit": "39/40"}, (Quota(40, 1, 0, 2.0),)),
        ({"RateLimit-Limit": "many", "RateLimit-Remaining": "1", "RateLimit-Reset": "1"}, ()),
        ({"RateLimit-Limit": "-3", "RateLimit-Remaining": "1", "RateLimit-Reset": "1"}, ()),
        ({"X-Shopify-Shop-Api-Call-Limit": "39/0"}, ()),
        ({"X-HubSpot-RateLimit-Max": "190"}, ()),
        ({}, ()),
    ],
)
def test_what_is_left_is_read_as_each_vendor_writes_it(headers: dict[str, str], quotas: tuple[Quota, ...]) -> None:
    """Headers without sense say nothing."""
    assert heard_in(200, headers, {}, NOW) == Heard(quotas=quotas)
