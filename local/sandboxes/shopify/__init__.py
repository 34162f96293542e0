"""Shopify: orders by REST for hydration and polling; customers and their consent by GraphQL, with webhooks to us."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.shopify.graphql_api import mount_graphql
from local.sandboxes.shopify.rest import mount_rest, refused
from local.sandboxes.shopify.state import ShopifyState

__all__ = ["ShopifyState", "shopify_sandbox"]


def shopify_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """An empty shop whose token is ``shpat_local``; ``put_orders`` and ``put_customers`` in settings fill it."""
    state = ShopifyState(clock)
    sandbox = Sandbox("shopify", state, log, clock)
    mount_rest(sandbox.app, state)
    mount_graphql(sandbox.app, state, refused)
    return sandbox
