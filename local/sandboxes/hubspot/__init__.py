"""HubSpot's CRM API, version 2026-09: contacts, orders, properties, associations, preferences, webhooks to us."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.hubspot.account import account_routes
from local.sandboxes.hubspot.association_routes import association_routes
from local.sandboxes.hubspot.batch_routes import batch_routes
from local.sandboxes.hubspot.controls import ControlledState
from local.sandboxes.hubspot.custom_events import custom_event_routes
from local.sandboxes.hubspot.forms import form_routes
from local.sandboxes.hubspot.gate import mount
from local.sandboxes.hubspot.object_routes import object_routes
from local.sandboxes.hubspot.preference_batches import preference_batch_routes
from local.sandboxes.hubspot.preferences import preference_routes
from local.sandboxes.hubspot.property_routes import property_routes

__all__ = ["ControlledState", "hubspot_sandbox"]


def hubspot_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """A HubSpot account without contacts, whose token is ``pat-local``."""
    state = ControlledState(clock)
    sandbox = Sandbox("hubspot", state, log, clock)
    groups = (
        batch_routes,
        object_routes,
        association_routes,
        property_routes,
        account_routes,
        custom_event_routes,
        preference_batch_routes,
        preference_routes,
        form_routes,
    )
    mount(sandbox.app, state, [route for group in groups for route in group(state)])
    return sandbox
