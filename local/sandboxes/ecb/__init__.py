"""The European Central Bank's reference rates: three files, no account. The rates are invented and always the same."""

from local.sandboxes.base import Clock, RequestLog, Sandbox
from local.sandboxes.ecb.files import mount
from local.sandboxes.ecb.state import EcbState

__all__ = ["EcbState", "ecb_sandbox"]


def ecb_sandbox(log: RequestLog, clock: Clock) -> Sandbox:
    """Rates of every working day since 2026, up to the day that has begun somewhere on Earth."""
    state = EcbState(clock)
    sandbox = Sandbox("ecb", state, log, clock)
    mount(sandbox.app, state)
    return sandbox
