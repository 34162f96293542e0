"""ledger_audit: seals the consent ledger in signed checkpoints (every quarter of an hour), and verifies it (daily).

Payload ``{"command": "seal"}`` or ``{"command": "verify"}``. A second run is harmless: what is sealed is not sealed
again, a checkpoint is never written over, and what a crash left half done the next run finishes. Verifying reads.
"""

from typing import Any

from commerce_sync.composing.ledger_audit import seal_ledger, verify_ledger
from commerce_sync.errors import ConfigurationError
from commerce_sync.observability import count, log
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import LedgerAuditSettings

LAST_CALL_MILLISECONDS = 60_000
"""Before its end, no further checkpoint is begun: to mark the heads of one takes a while."""


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Run one command.

    :raises ConfigurationError: there is no such command.
    """
    settings = settings_for(LedgerAuditSettings)
    command = event.get("command")
    if command == "seal":
        sealed = seal_ledger(settings, lambda: bool(context.get_remaining_time_in_millis() > LAST_CALL_MILLISECONDS))
        if sealed:
            count("Checkpoints", sealed)
        return {"checkpoints": sealed}
    if command == "verify":
        report = verify_ledger(settings)
        for finding in report["first"]:
            log("the consent ledger is unsound", **finding)
        count("LedgerVerified")
        if not report["sound"]:
            count("LedgerUnsound", report["findings"])
        return report
    raise ConfigurationError("ledger_audit seals or verifies: the payload's command is seal or verify")
