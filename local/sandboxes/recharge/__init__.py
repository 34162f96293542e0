"""Recharge: customers and subscriptions by id (2021-11), webhooks."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.recharge.routes import mount
from local.sandboxes.recharge.state import RechargeState
from local.sandboxes.recharge.webhook_routes import mount_webhooks

__all__ = ["RechargeState", "recharge_sandbox"]


def recharge_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """An account without customers, whose token is ``sk_local``."""
    state = RechargeState(clock)
    sandbox = Sandbox("recharge", state, log, clock)
    mount(sandbox.app, state)
    mount_webhooks(sandbox.app, state)
    return sandbox
