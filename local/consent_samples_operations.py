"""Sample commands about consent, and the digest's schedule, for ``make samples``."""

from typing import Any

from local.consent_samples import Write

WORDS = {"by": "kim", "why": "she told support"}
WINDOW = {"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z"}
COMMANDS: dict[str, dict[str, Any]] = {
    "baseline": {"rows": 20},
    "review": {"limit": 20},
    "correct": {"source": "import:legacy", **WINDOW, "by": "kim", "why": "the wrong file was imported"},
    "brake": {},
    "mode": {},
    "stop": {"by": "kim", "why": "a campaign went to the wrong people"},
    "verify_ledger": {},
}


def write_operations_samples(write: Write) -> None:
    """Write them."""
    for command, arguments in COMMANDS.items():
        write(f"operations/{command}", {"command": command, "arguments": arguments})
    write("review_digest/schedule", {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}})
