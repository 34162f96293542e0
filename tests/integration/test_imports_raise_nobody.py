"""Importing subscription states of the past, on tables in process: whatever they claim, nobody comes back by it."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from commerce_sync.composing.baseline import running
from commerce_sync.composing.consent_places import reading
from commerce_sync.composing.ledger import ledger_of
from commerce_sync.consent.baseline.needs import Found
from commerce_sync.contracts.consent import Address, ConsentStatement, Strength
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import BaselineSettings

from tests.fakes import bundle as b

pytestmark = [pytest.mark.network, pytest.mark.long]

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
PEOPLE, OPTED_OUT, TIMES = 200, 50, 10
OPT_INS = [one for one in get_args(Strength) if one.endswith("_in")]


def test_two_thousand_rows_over_fifty_who_opted_out() -> None:
    """However strong and however new a row says that it is, and however often it comes: none of them is subscribed.

    Two hundred people, ten times over, as a resync does. Nobody is told or asked anything.
    """
    with b.ready_bundle() as bundle, bundle.function("consent_baseline"):
        settings = settings_for(BaselineSettings)
        taking, ledger = running(settings).taking, ledger_of(settings)
        taking("hubspot", [_row(number, "withdraw", "pref_out", 30) for number in range(OPTED_OUT)], NOW)
        rows = [_row(number, "grant", OPT_INS[number % 3], number % 29) for number in range(PEOPLE)] * TIMES
        assert len(rows) == 2000
        for start in range(0, len(rows), 100):
            taken = taking("klaviyo", rows[start : start + 100], NOW)
            assert (taken.figures["recorded"], taken.figures["refused"]) == (100, 0)
        addresses: list[Address] = [("email", _email(number)) for number in range(PEOPLE)]
        chains = ledger.read(addresses)
        states = [reading().state(chains[one].records, "marketing", NOW).state for one in addresses]
        assert states == ["out"] * OPTED_OUT + ["weak"] * (PEOPLE - OPTED_OUT)
        assert sum(len(one.records) for one in chains.values()) == OPTED_OUT + PEOPLE
        assert {row["status"]["S"] for row in b.items(bundle, "ConsentOutboxTable")} <= {"observed"}
        assert [b.waiting(bundle, queue) for queue in ("OptOutsQueue", "OptInsQueue")] == [[], []]


def _email(number: int) -> str:
    return f"p{number}@example.com"


def _row(number: int, action: str, strength: str, days: int) -> Found:
    said = ConsentStatement.model_validate(
        {
            "statement_id": f"row:{number}",
            "channel": "email",
            "address": _email(number),
            "action": action,
            "strength": strength,
            "occurred_at": NOW - timedelta(days=days),
            "method": "import" if action == "grant" else "status",
        }
    )
    return Found(str(number), "email", said.address, (said,))
