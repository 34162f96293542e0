"""Whether opt-ins may be told: only where every system that is connected now was read to its end."""

from collections.abc import Mapping
from typing import Any

import pytest
from commerce_sync.consent.baseline.progress import lacks

SYSTEMS = ("hubspot", "klaviyo", "shopify:us")
DONE = {"run_id": "1", "stage": "done", "completed_at": "2026-11-28T10:00:00+00:00"}


@pytest.mark.parametrize(
    ("document", "names"),
    [
        pytest.param({}, ["never begun"], id="no run"),
        pytest.param({**DONE, "stage": "reading", "completed_at": None}, ["reading"], id="a run that goes on"),
        pytest.param({**DONE, "covered": ["hubspot", "klaviyo"]}, ["shopify:us"], id="a store connected since"),
        pytest.param({**DONE, "covered": ["hubspot"]}, ["klaviyo, shopify:us"], id="two of them"),
        pytest.param(DONE, ["hubspot, klaviyo, shopify:us"], id="a run that says nothing of what it read"),
    ],
)
def test_what_was_not_read_makes_opt_ins_wait(document: Mapping[str, Any], names: list[str]) -> None:
    """It is named: an operator has to know what to connect or to read."""
    why = lacks(document, SYSTEMS)
    assert why is not None
    assert [name for name in names if name not in why] == []


@pytest.mark.parametrize("systems", [SYSTEMS, SYSTEMS[:1], ()])
def test_what_was_read_and_is_connected_no_more_is_not_missed(systems: tuple[str, ...]) -> None:
    """A token that was taken away makes nobody unknown."""
    assert lacks({**DONE, "covered": list(SYSTEMS)}, systems) is None
