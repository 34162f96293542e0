"""The message of the baseline's queue: where a run stands, and what it has counted so far."""

from typing import Literal

from pydantic import AwareDatetime, Field

from commerce_sync.contracts.base import Message

Stage = Literal["reading", "settling", "reporting"]


class BaselineStep(Message):
    """Go on with a run: read a system from ``cursor`` (the beginning where there is none), settle, or report.

    ``system`` is ``klaviyo``, ``hubspot`` or a store (``shopify:us``); none after the reading. ``started_at`` is when
    all of it counts as received, so that a step that is repeated writes the same. ``part`` numbers the steps of a
    system, ``waits`` counts how often in a row it asked us to come back later, ``figures`` are counted up to here.
    """

    run_id: str = Field(pattern="^[0-9]{8}T[0-9]{6}Z$")
    started_at: AwareDatetime
    stage: Stage = "reading"
    system: str = ""
    cursor: str | None = None
    part: int = Field(default=0, ge=0)
    waits: int = Field(default=0, ge=0)
    figures: dict[str, int] = {}
