"""The message of the duplicate audit's queue: where a run stands in one system; and a merge that came of a run."""

from typing import Literal

from pydantic import Field

from commerce_sync.contracts.base import Contract, Message

System = Literal["hubspot", "klaviyo"]


class AuditStep(Message):
    """Go on with a run: read from ``cursor`` (the beginning where there is none), or group what was read.

    ``run_id`` is the run's start, ``YYYYMMDDTHHMMSSZ``, so that a schedule that fires twice starts one run. ``part``
    numbers what was spooled, ``waits`` counts how often in a row the vendor asked us to come back later.
    """

    run_id: str = Field(pattern="^[0-9]{8}T[0-9]{6}Z$")
    system: System
    stage: Literal["reading", "grouping"] = "reading"
    cursor: str | None = None
    part: int = Field(default=0, ge=0)
    waits: int = Field(default=0, ge=0)


class PlannedMerge(Contract):
    """One merge: the ``other`` record would become part of the ``survivor``. Ids of the system's own."""

    group: str
    survivor: str
    other: str
