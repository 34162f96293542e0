"""What people do about their subscriptions at HubSpot. Nothing is announced: a contact's properties follow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from local.sandboxes.hubspot.standard import SUBSCRIPTIONS
from local.sandboxes.hubspot.state import HubSpotState
from local.sandboxes.hubspot.subscriptions import Status
from local.sandboxes.hubspot.values import at

PREFERENCE_PAGE = "Email preferences page"


def act(state: HubSpotState, told: Mapping[str, Any]) -> None:
    """The control ``person_opts_out``: ``{"email", "subscription", "time", "status"}``.

    Without a subscription it is all of them; without a time it is now, else the contact was changed then; ``status`` is
    UNSUBSCRIBED unless it says that the person comes back.
    """
    email, status = str(told["email"]).lower(), str(told.get("status", "UNSUBSCRIBED"))
    moment = datetime.fromisoformat(told["time"]).timestamp() if "time" in told else state.clock.now()
    said = Status(status, at(moment), source=PREFERENCE_PAGE)
    if "subscription" in told:
        state.subscriptions.write(email, int(told["subscription"]), said)
    elif status == "UNSUBSCRIBED":
        state.subscriptions.opt_out(email, said)
    else:
        for number in SUBSCRIPTIONS:
            state.subscriptions.write(email, number, said)
    store = state.stores["contacts"]
    store.frozen_at = moment if "time" in told else None
    follow(state, email)
    store.frozen_at = None


def follow(state: HubSpotState, email: str) -> None:
    """The contact's read-only opt-outs follow what its address said; no webhook says so."""
    store = state.stores["contacts"]
    contact = store.find("email", email)
    if contact:
        store.write(contact, state.subscriptions.opt_outs(email), state.schemas["contacts"].unique_names())
