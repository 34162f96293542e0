"""What a submission of a HubSpot form says of consent: an opt-in, where the form is one, or its box is ticked.

It is as strong as the notice that is known of the form on its day (notices.toml, ``hubspot:<id>:<form>``); without one
it is weak. A box that is not ticked says nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from commerce_sync.consent.identifying import statement_id_of
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import HubSpotForm

TICKED: Final = frozenset({"true", "yes", "on", "1", "checked"})
EMAIL: Final = "email"


class Submission(Protocol):
    """What somebody filled in."""

    @property
    def submission_id(self) -> str: ...  # noqa: D102
    @property
    def at(self) -> datetime | None: ...  # noqa: D102
    @property
    def values(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def page_url(self) -> str: ...  # noqa: D102


def of_submission(form: HubSpotForm, store: str, submission: Submission) -> ConsentStatement | None:
    """The opt-in of a submission, of the address that was filled in; None where nothing was ticked.

    An address that was not filled in is empty. Who typed it is not proven: nothing of it is verified.
    """
    if form.box and submission.values.get(form.box, "").strip().lower() not in TICKED:
        return None
    return ConsentStatement(
        statement_id=statement_id_of("form", form.id, submission.submission_id),
        channel="email",
        address=submission.values.get(EMAIL, "").strip(),
        action="grant",
        strength="strong_in" if submission.at else "weak_in",
        occurred_at=submission.at,
        method="form",
        purpose=form.purpose,
        form=f"hubspot:{store}:{form.id}",
        evidence={"page": submission.page_url} if submission.page_url else {},
    )
