"""Forms and what people submit by them: the newest first, fifty a page at most, under HubSpot's undated path."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request

from local.sandboxes.hubspot.errors import HubSpotError, invalid
from local.sandboxes.hubspot.gate import Route, missing_scope
from local.sandboxes.hubspot.state import HubSpotState

MOST, SCOPE = 50, "forms"


def form_routes(state: HubSpotState) -> list[Route]:
    """The one endpoint about forms."""
    return [("GET", "/form-integrations/v1/submissions/forms/<form_id>", lambda form_id: _read(state, form_id))]


def submit(state: HubSpotState, told: Mapping[str, Any]) -> None:
    """The control ``person_submits``: ``{"form", "values", "time"}``; the form begins to exist with it."""
    moment = datetime.fromisoformat(told["time"]) if "time" in told else state.clock.moment()
    rows = state.submissions.setdefault(str(told["form"]), [])
    values = [{"name": name, "value": value, "objectTypeId": "0-1"} for name, value in told["values"].items()]
    rows.append(
        {
            "conversionId": f"conversion-{len(rows) + 1}",
            "submittedAt": int(moment.timestamp() * 1000),
            "values": values,
            "pageUrl": "https://shop.example.com/newsletter",
        }
    )


def _read(state: HubSpotState, form_id: str) -> tuple[Any, int]:
    if SCOPE in state.settings.missing_scopes:
        raise missing_scope(SCOPE)
    if form_id not in state.submissions:
        raise HubSpotError(404, "OBJECT_NOT_FOUND", "resource not found")
    size, start = int(request.args.get("limit", "20")), int(request.args.get("after", "0"))
    if not 1 <= size <= MOST:
        raise invalid(f"limit is 1 to {MOST}")
    rows = sorted(state.submissions[form_id], key=lambda row: row["submittedAt"], reverse=True)
    answer: dict[str, Any] = {"results": rows[start : start + size]}
    if start + size < len(rows):
        answer["paging"] = {"next": {"after": str(start + size), "link": ""}}
    return answer, 200
