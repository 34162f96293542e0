"""Bulk imports of profiles (operation ``bulk_import_profiles``): at most 10,000 a job, 5 MB, and 100 KB each.

Klaviyo answers 202 with a job, and says later, row by row, what it could not import. Nulls clear nothing here.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from commerce_sync.errors import PermanentError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import VendorHttp
from commerce_sync.vendors.klaviyo.reading import pages
from commerce_sync.vendors.klaviyo.rows import profile_row

KIND: Final = "profile-bulk-import-job"
JOBS: Final = f"/api/{KIND}s"
MOST_PROFILES: Final = 10_000
MOST_BYTES: Final = 5_000_000
MOST_ROW_BYTES: Final = 100_000
ENVELOPE_BYTES: Final = 200
BETWEEN_ROWS: Final = 2
ACCEPTED: Final = 202
A_ROW: Final = re.compile(r"/data/attributes/profiles/data/(\d+)")
OVER: Final = frozenset({"complete", "cancelled"})


@dataclass(frozen=True, slots=True)
class ImportJob:
    """How far an import is, and how many rows it failed for. ``is_lost``: Klaviyo cancelled it, or knows it no more."""

    is_over: bool
    is_lost: bool = False
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ImportRefusal:
    """One row that was not imported: its email address, its position among the rows where Klaviyo said it, and why."""

    email: str
    position: int | None
    error: RefusedByVendorError


class KlaviyoImports:
    """Starts imports and sees how they end. Sending the rows of one again is harmless: each is an upsert."""

    def __init__(self, http: VendorHttp) -> None:
        self._http = http

    def row(self, email: str, attributes: Mapping[str, str | None], properties: Mapping[str, object]) -> dict[str, Any]:
        """A profile as a row.

        :raises PermanentError: it is larger than Klaviyo takes.
        """
        row = profile_row(email, attributes, properties)
        if _size(row) > MOST_ROW_BYTES:
            raise PermanentError("klaviyo takes no profile of more than 100 KB")
        return row

    def batches(self, rows: Mapping[str, Any]) -> list[list[str]]:
        """Whose rows go together: the fewest jobs that the count and byte limits allow, the largest rows first."""
        sizes = {email: _size(row) + BETWEEN_ROWS for email, row in rows.items()}
        batches: list[list[str]] = []
        left: list[int] = []
        for email in sorted(sizes, key=lambda email: -sizes[email]):
            fitting = (at for at, room in enumerate(left) if sizes[email] <= room and len(batches[at]) < MOST_PROFILES)
            at = next(fitting, None)
            if at is None:
                at = len(batches)
                batches.append([])
                left.append(MOST_BYTES - ENVELOPE_BYTES)
            batches[at].append(email)
            left[at] -= sizes[email]
        return batches

    def start(self, rows: Sequence[Any]) -> str:
        """Begin an import; its id."""
        attributes = {"profiles": {"data": list(rows)}}
        answer = self._http.call("POST", JOBS, {"data": {"type": KIND, "attributes": attributes}})
        data = (answer.json or {}).get("data") or {}
        if not data.get("id"):
            raise RetriableError("klaviyo did not say which import it began")
        return str(data["id"])

    def blamed(self, refusal: RefusedByVendorError) -> dict[int, PermanentError]:
        """Whom the refusal of a whole import names, by the row's position, each with its own places."""
        places: dict[int, list[str]] = {}
        for place in refusal.fields:
            if found := A_ROW.match(place):
                places.setdefault(int(found[1]), []).append(f"/data{place[found.end() :]}")
        return {
            position: RefusedByVendorError(
                refusal.vendor, refusal.status, refusal.code, fields=tuple(theirs), request_id=refusal.request_id
            )
            for position, theirs in places.items()
        }

    def job(self, job_id: str) -> ImportJob:
        """How far an import is."""
        answer = self._http.find(f"{JOBS}/{job_id}")
        if answer is None:
            return ImportJob(is_over=True, is_lost=True)
        shown = ((answer.json or {}).get("data") or {}).get("attributes") or {}
        status = shown.get("status")
        return ImportJob(status in OVER, status == "cancelled", int(shown.get("failed_count") or 0))

    def errors(self, job_id: str) -> Iterator[ImportRefusal]:
        """The rows that were not imported, and why."""
        for one in pages(self._http, f"{JOBS}/{job_id}/import-errors", {"page[size]": "100"}):
            shown = one.get("attributes") or {}
            pointer = str((shown.get("source") or {}).get("pointer") or "")
            row = A_ROW.match(pointer)
            fields = (A_ROW.sub("/data", pointer),) if pointer else ()
            error = RefusedByVendorError("klaviyo", ACCEPTED, str(shown.get("code") or "unknown"), fields=fields)
            yield ImportRefusal(_email_in(shown.get("original_payload")), int(row[1]) if row else None, error)


def _email_in(payload: Any) -> str:
    """Whose row it was: the payload is the row as it was sent, or its attributes alone. Empty where it names nobody."""
    found = payload if isinstance(payload, dict) else {}
    attributes = found.get("attributes")
    return str((attributes if isinstance(attributes, dict) else found).get("email") or "").lower()


def _size(row: Any) -> int:
    """Bytes of a row as it is sent."""
    return len(json.dumps(row))
