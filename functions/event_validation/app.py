"""event_validation: says each hour whether the stores' events arrive, are right, and are as many as they should be.

A second, late or overlapping run is harmless: each tallies whole days anew from what is stored, and never adds to what
stands there. The hourly run looks at today and yesterday; the nightly one (``{"days": 35}``) at every day that is kept,
because what was missed is found later and belongs to its own day.
"""

from datetime import UTC, datetime
from typing import Any

from commerce_sync.composing.event_validation import states, validate
from commerce_sync.errors import ConfigurationError
from commerce_sync.settings import settings_for
from commerce_sync.settings.workers import ValidationSettings
from commerce_sync.validation.running import KEPT

LATEST_DAYS = 2


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tally, judge, tell CloudWatch; the answer says how many kinds of event stand how."""
    days = int(event.get("days", LATEST_DAYS))
    if not 1 <= days <= KEPT:
        raise ConfigurationError(f"days is a number between 1 and {KEPT}")
    standings = list(validate(settings_for(ValidationSettings), days, datetime.now(UTC)))
    return {"days": days, "stores": len(standings), "states": dict(states(standings))}
