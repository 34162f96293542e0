"""Submissions of HubSpot's forms, read.

HubSpot has no dated version of this call: it is the one undated path in use (developers.hubspot.com, forms v1, get
submissions for a form; scope ``forms``). Submissions come in reverse order of their times, at most fifty a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.statuses import moment_of, results_of

SUBMISSIONS: Final = "/form-integrations/v1/submissions/forms"
PAGE: Final = "50"


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody filled in: the values by the fields' names. ``at`` is None where HubSpot does not tell."""

    submission_id: str
    at: datetime | None
    values: Mapping[str, str]
    page_url: str = ""


class HubSpotForms:
    """Reads; a page may be read again at any time."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot

    def submissions(self, form_id: str, after: str | None) -> tuple[list[Submission], str | None]:
        """Up to fifty submissions of a form, the newest first, and the cursor of the older ones."""
        params = {"limit": PAGE, **({"after": after} if after else {})}
        answer = self._hubspot.call("GET", f"{SUBMISSIONS}/{quote(form_id, safe='')}", None, params)
        found = [_submission(one) for one in results_of(answer.json)]
        following = (((answer.json or {}).get("paging") or {}).get("next") or {}).get("after")
        return found, str(following) if following else None


def _submission(one: Mapping[str, Any]) -> Submission:
    values = {str(given.get("name") or ""): str(given.get("value") or "") for given in one.get("values") or []}
    return Submission(
        str(one.get("conversionId") or ""), moment_of(one.get("submittedAt")), values, str(one.get("pageUrl") or "")
    )
