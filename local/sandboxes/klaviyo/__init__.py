"""Klaviyo, as strict as the vendor: revision 2026-10-15, key ``pk_local``."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.klaviyo.accounts import Accounts
from local.sandboxes.klaviyo.apps import Apps
from local.sandboxes.klaviyo.attribution import MessageEvents
from local.sandboxes.klaviyo.bulk_import import BulkImport
from local.sandboxes.klaviyo.event_reads import EventReads
from local.sandboxes.klaviyo.event_writes import EventWrites
from local.sandboxes.klaviyo.lists import Lists
from local.sandboxes.klaviyo.person_consents import PersonConsents
from local.sandboxes.klaviyo.profiles import Profiles
from local.sandboxes.klaviyo.removals import Removals
from local.sandboxes.klaviyo.reports import Reports
from local.sandboxes.klaviyo.routes import Gate, Route
from local.sandboxes.klaviyo.state import KlaviyoState
from local.sandboxes.klaviyo.subscriptions import Subscriptions
from local.sandboxes.klaviyo.suppressions import Suppressions
from local.sandboxes.klaviyo.webhooks import KlaviyoWebhooks

__all__ = ["klaviyo_routes", "klaviyo_sandbox"]


def klaviyo_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """A new, empty Klaviyo account behind its HTTP API."""
    state = KlaviyoState(clock)
    state.webhooks = KlaviyoWebhooks(state)
    MessageEvents(state)
    PersonConsents(state)
    sandbox = Sandbox("klaviyo", state, log, clock)
    Gate(sandbox.app, state, klaviyo_routes(state))
    return sandbox


def klaviyo_routes(state: KlaviyoState) -> list[Route]:
    """Every operation that is asked for, with its limits."""
    parts = (
        Accounts(),
        Profiles(state),
        BulkImport(state),
        Removals(state),
        EventWrites(state),
        EventReads(state),
        Subscriptions(state),
        Suppressions(state),
        Lists(state),
        Reports(state),
        Apps(state),
    )
    return [route for part in parts for route in part.routes()]
