"""BigCommerce: the newsletter's list, orders and their parts, carts and customers by id, webhooks."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.bigcommerce.gate import mount
from local.sandboxes.bigcommerce.hook_routes import hook_routes
from local.sandboxes.bigcommerce.order_routes import order_routes
from local.sandboxes.bigcommerce.people_routes import people_routes
from local.sandboxes.bigcommerce.state import BigCommerceState
from local.sandboxes.bigcommerce.subscriber_routes import subscriber_routes

__all__ = ["BigCommerceState", "bigcommerce_sandbox"]


def bigcommerce_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """A store ``/stores/sandbox`` with nobody on its list, whose token is ``bc_local``."""
    state = BigCommerceState(clock)
    sandbox = Sandbox("bigcommerce", state, log, clock)
    routes = [*subscriber_routes(state), *order_routes(state), *people_routes(state), *hook_routes(state)]
    mount(sandbox.app, state, routes)
    return sandbox
