"""What an operator sees of audits and asks of merges."""

from collections.abc import Sequence
from typing import Any

import pytest
from commerce_sync.contracts.duplicates import PlannedMerge
from commerce_sync.duplicates.reporting import plan
from commerce_sync.operating.duplicates import merge, show

from tests.unit.duplicates.accounts import ANA, COPY, Reports, reported


def ask(arguments: dict[str, Any], modes: dict[str, str], told: dict[str, Any] | None) -> dict[str, Any]:
    """The command."""

    def carried_out(system: str, planned: Sequence[PlannedMerge]) -> dict[str, Any]:
        return {"merged": [f"{system}:{one.other}" for one in planned]}

    return merge(arguments, reports=Reports(told), modes=modes, plan=plan, apply=carried_out)


LIVE = {"hubspot": "live", "klaviyo": "live"}


def test_merging_is_a_plan_unless_it_is_asked_for() -> None:
    """Dry by default, and only the word ``true`` is a yes."""
    for said in ({}, {"apply": False}, {"apply": "true"}, {"apply": 1}):
        answer = ask({"system": "hubspot", "maximum": 5, **said}, LIVE, reported(ANA, COPY))
        assert [one["other"] for one in answer["would_merge"]] == ["777"]
        assert "merged" not in answer


def test_merging_is_done_when_it_is_asked_for() -> None:
    """With the flag, the maximum, and a live destination."""
    answer = ask({"system": "hubspot", "maximum": 5, "apply": True}, LIVE, reported(ANA, COPY))
    assert answer["merged"] == ["hubspot:777"]


@pytest.mark.parametrize(
    ("arguments", "modes"),
    [
        ({"system": "hubspot", "maximum": 5, "apply": True}, {"hubspot": "observe"}),
        ({"system": "hubspot", "maximum": 101, "apply": True}, LIVE),
        ({"system": "hubspot", "maximum": 0, "apply": True}, LIVE),
        ({"system": "hubspot", "maximum": True, "apply": True}, LIVE),
        ({"system": "klaviyo", "maximum": 5, "apply": True}, LIVE),
        ({"system": "klaviyo", "maximum": 5, "apply": True, "irreversible": "yes"}, LIVE),
        ({"system": "shopify", "maximum": 5}, LIVE),
    ],
)
def test_what_may_not_be_done_is_refused(arguments: dict[str, Any], modes: dict[str, str]) -> None:
    """Not live, no maximum, no word for Klaviyo, no such system."""
    with pytest.raises(ValueError, match=r"live|maximum|irreversible|system"):
        ask(arguments, modes, reported(ANA, COPY, system=arguments["system"]))


def test_without_a_report_nothing_is_planned() -> None:
    """The audit has not run yet."""
    with pytest.raises(ValueError, match="no report"):
        ask({"system": "hubspot", "maximum": 5}, LIVE, None)


def test_the_last_audit_is_shown_with_its_first_groups() -> None:
    """As many as asked for; a system without a report says so."""
    told = reported(ANA, COPY)
    shown = show(Reports(told), {})
    assert shown["hubspot"] == {**told, "report": "key"}
    assert shown["klaviyo"] == {"report": None}
    assert show(Reports(told), {"system": "hubspot", "groups": 0})["hubspot"]["groups"] == []
