"""review_digest: once a day, how much of consent waits for a person, and for how long. Numbers only.

Run twice it is harmless: it reads and changes nothing, and says the same a second time.
"""

from datetime import UTC, datetime
from typing import Any

from commerce_sync.aws.consent_outbox import ConsentOutbox
from commerce_sync.aws.consent_waits import ConsentWaits
from commerce_sync.aws.notices import Notices
from commerce_sync.observability import count
from commerce_sync.operating.consent_digest import digest
from commerce_sync.settings import settings_for
from commerce_sync.settings.consent import DigestSettings


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Count, publish, and leave the figures as metrics. A day on which nothing waits sends nothing."""
    settings = settings_for(DigestSettings)
    found = digest(ConsentWaits(settings.heads_table), ConsentOutbox(settings.consent_outbox_table), datetime.now(UTC))
    for why, ages in found.waiting.items():
        count("ConsentWaiting", sum(ages.values()), why=why)
        count("LongestConsentWaitDays", found.oldest_days.get(why, 0), why=why)
    for status, places in found.stuck.items():
        count("ConsentRowsStuck", sum(places.values()), status=status)
    if not found.is_empty:
        Notices(settings.alarms_topic).tell(found.subject(), found.text())
    return {"waiting": {why: sum(ages.values()) for why, ages in found.waiting.items()}, "told": not found.is_empty}
