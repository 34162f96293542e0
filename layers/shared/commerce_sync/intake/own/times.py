"""When it happened: what ``data`` says, else the CloudEvent's ``time``; never when it arrived."""

from datetime import datetime

from commerce_sync.intake.fields import utc
from commerce_sync.intake.own.shapes import CloudEvent
from commerce_sync.intake.rejections import refuse


def moment_of(event: CloudEvent, said: datetime | None, path: str) -> datetime:
    """The moment in UTC."""
    if said is not None:
        return utc(said, path)
    if event.time is None:
        raise refuse("missing_field", "time", "a time like 2026-11-01T09:30:00Z")
    return utc(event.time, "time")
