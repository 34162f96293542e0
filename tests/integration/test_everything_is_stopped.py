"""``operations stop``: event_delivery and profile_sync write to no vendor while it is set, and lose nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest
from commerce_sync.aws.audits import Audits
from commerce_sync.aws.control import Control
from commerce_sync.composing.permissions import STOP_DOCUMENT, modes_of
from commerce_sync.composing.stopping import LOOKED_AT_EVERY, Stop
from commerce_sync.consent.modes import Modes
from commerce_sync.errors import PausedError
from commerce_sync.settings.operations import OperationsSettings

from local.in_process import InProcessBundle
from local.sandboxes.server import Sandboxes
from tests.fakes import bundle as b
from tests.fakes.consent_bundle import answer
from tests.fakes.delivered import changes_delivery, contact_change, deliver, dispatch, make_due, statuses
from tests.integration.test_a_delivery_becomes_events import shopify_order

pytestmark = pytest.mark.network


def put_stop(bundle: InProcessBundle, *, stopped: bool) -> None:
    """Set the stop, or lift it."""
    document = {"stopped_at": datetime.now(UTC).isoformat()} if stopped else {}
    Control(bundle.names["ControlTable"]).change(STOP_DOCUMENT, lambda _: document)


def test_an_order_waits_for_the_end_of_the_stop(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """Its facts are in the order book, its promises wait; afterwards they are kept."""
    put_stop(bundle, stopped=True)
    deliver(bundle, shopify_order())
    assert sandboxes.hubspot.state.snapshot()["orders"] == []
    assert sandboxes.klaviyo.state.snapshot()["events"] == []
    assert statuses(bundle) == {"pending"}

    put_stop(bundle, stopped=False)
    make_due(bundle)
    b.consume(bundle, "event_delivery", dispatch(bundle))
    assert statuses(bundle) == {"delivered"}
    assert len(sandboxes.hubspot.state.snapshot()["orders"]) == 1


def test_a_changed_contact_waits_for_it_too(bundle: InProcessBundle, sandboxes: Sandboxes) -> None:
    """profile_sync keeps it as a due row."""
    deliver(bundle, shopify_order())
    (contact,) = sandboxes.hubspot.state.snapshot()["contacts"]
    put_stop(bundle, stopped=True)
    assert b.post(bundle, b.api_event(changes_delivery([contact_change(contact["id"])])))["statusCode"] == 200
    assert b.consume(bundle, "identity_normalization", b.waiting(bundle, "InboundQueue")) == []
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []
    assert "pending" in statuses(bundle)

    put_stop(bundle, stopped=False)
    make_due(bundle)
    dispatch(bundle)
    assert b.consume(bundle, "profile_sync", b.waiting(bundle, "ProfileChangesQueue")) == []
    assert statuses(bundle) == {"delivered"}


def test_no_duplicates_are_merged_meanwhile() -> None:
    """Though the destination is live, and a person asks for it."""
    figures = {"system": "hubspot", "run_id": "20261122T031700Z", "date": "2026-11-22T03:17:00+00:00"}
    asked: dict[str, Any] = {"system": "hubspot", "maximum": 10, "apply": True}
    with b.ready_bundle() as bundle:
        Audits(bundle.names["Archive"]).keep_report(figures, iter([]))
        put_stop(bundle, stopped=True)
        refused = answer(bundle, "merge_duplicates", **asked)
        put_stop(bundle, stopped=False)
        done = answer(bundle, "merge_duplicates", **asked)

    assert refused["errors"] == ["hubspot is not live: nothing was merged"]
    assert done["ok"]


def test_the_stop_is_looked_at_again_after_ten_seconds() -> None:
    """Not for each call."""
    seconds = 0.0
    with b.ready_bundle() as bundle:
        stop = Stop(Control(bundle.names["ControlTable"]), lambda: seconds)
        stop.require_unset()
        put_stop(bundle, stopped=True)
        stop.require_unset()
        seconds = LOOKED_AT_EVERY
        with pytest.raises(PausedError):
            stop.require_unset()


def test_consent_may_only_be_taken_back_meanwhile() -> None:
    """A live destination counts as opt-outs only, one that observes goes on observing."""
    with b.ready_bundle() as bundle:
        put_stop(bundle, stopped=True)
        settings = operations_settings(bundle, klaviyo_mode="live", hubspot_mode="observe", stores_mode="pilot")
        modes = modes_of(Control(bundle.names["ControlTable"]), settings)

    assert modes == Modes({"klaviyo": "opt_outs_only", "hubspot": "observe", "stores": "opt_outs_only"})


def operations_settings(bundle: InProcessBundle, **modes: str) -> OperationsSettings:
    """Settings as the template gives them, with other modes."""
    names = OperationsSettings.__dataclass_fields__
    given = {name.lower(): value for name, value in bundle.environment("Operations").items() if name.lower() in names}
    return OperationsSettings(**{**given, "settle": 120.0, **modes})  # type: ignore[arg-type] # texts, as the template gives them
