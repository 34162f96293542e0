"""Shopify, for hydration and polling: one order, orders by their modified time, and the shop."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.shopify.rest import mount_rest
from local.sandboxes.shopify.state import ShopifyState

__all__ = ["ShopifyState", "shopify_sandbox"]


def shopify_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """A shop without orders, whose token is ``shpat_local``. ``{"put_orders": [...]}`` in settings fills it."""
    state = ShopifyState(clock)
    sandbox = Sandbox("shopify", state, log, clock)
    mount_rest(sandbox.app, state)
    return sandbox
