"""WooCommerce: a shop's REST API of orders, refunds and webhooks (v3), and its webhooks to us."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.woocommerce.gate import mount
from local.sandboxes.woocommerce.order_routes import order_routes
from local.sandboxes.woocommerce.state import WooCommerceState
from local.sandboxes.woocommerce.webhook_routes import webhook_routes

__all__ = ["WooCommerceState", "woocommerce_sandbox"]


def woocommerce_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """A shop without orders and webhooks, whose key is ``ck_local`` and whose secret is ``cs_local``."""
    state = WooCommerceState(clock)
    sandbox = Sandbox("woocommerce", state, log, clock)
    mount(sandbox.app, state, [*order_routes(state), *webhook_routes(state)])
    return sandbox
