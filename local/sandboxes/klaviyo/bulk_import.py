"""Operation ``bulk_import_profiles``: a job that reports the rows it could not import. Nulls clear nothing here."""

import json
from collections.abc import Mapping

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import jobs, people
from local.sandboxes.klaviyo.consent import join
from local.sandboxes.klaviyo.documents import Node, document, need, within
from local.sandboxes.klaviyo.errors import ApiError, invalid
from local.sandboxes.klaviyo.filters import CHOICE, Field, matching
from local.sandboxes.klaviyo.given import UPSERT_ATTRIBUTES, identified, read_profile
from local.sandboxes.klaviyo.paging import Pages, allow, page_of
from local.sandboxes.klaviyo.rates import M
from local.sandboxes.klaviyo.records import Job
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

KIND = "profile-bulk-import-job"
PATH = f"/api/{KIND}s"
MOST_PROFILES = 10_000
MOST_BYTES = 5_000_000
MOST_PROFILE_BYTES = 100_000
COUNTS = ("started_at", "expires_at", "failed_count")
FIELDS: Mapping[str, Field] = {"status": Field(lambda job: [job.status], CHOICE)}
PAGES = Pages(20, 100, {"created_at": lambda job: (job.created.timestamp(), job.id)}, "created_at")
ERROR_PAGES = Pages(20, 100, {"id": lambda error: (error["id"], error["id"])}, "id")


class BulkImport:
    """Imports of many profiles."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("POST", PATH, self.start, M),
            Route("GET", PATH, self.read_many, M),
            Route("GET", f"{PATH}/<job_id>", self.read, M),
            Route("GET", f"{PATH}/<job_id>/import-errors", self.errors, M),
        ]

    def start(self) -> ResponseReturnValue:
        """202 with the job; only the document's shape is checked now."""
        node = document(MOST_BYTES)
        members = node.resource(KIND, ("attributes", "relationships"))
        attributes = need(members, "attributes", node)
        rows = need(attributes.members({"profiles"}, KIND), "profiles", attributes).data(KIND)
        profiles = within(rows, MOST_PROFILES, "profiles")
        for profile in profiles:
            _check_shape(profile)
            self._check_wish(profile, rows)
        job = jobs.new_job(self._state, KIND, len(profiles))
        job.lists = self._lists(members.get("relationships"))
        answer = jobs.shown(job, *COUNTS)
        jobs.start(self._state, job, lambda: self._import(job, profiles))
        return jsonify({"data": answer}), 202

    def read(self, job_id: str) -> ResponseReturnValue:
        """One job."""
        allow()
        return jsonify({"data": jobs.shown(jobs.find(self._state, KIND, job_id), *COUNTS)})

    def read_many(self) -> ResponseReturnValue:
        """A page of jobs."""
        allow("filter", "sort", "page[size]", "page[cursor]")
        mine = [job for job in self._state.jobs.values() if job.type == KIND]
        page = page_of(matching(mine, request.args.get("filter"), FIELDS), PAGES)
        return jsonify({"data": [jobs.shown(job, *COUNTS) for job in page.items], "links": page.links})

    def errors(self, job_id: str) -> ResponseReturnValue:
        """A page of the rows that failed."""
        allow("page[size]", "page[cursor]")
        page = page_of(jobs.find(self._state, KIND, job_id).errors, ERROR_PAGES)
        return jsonify({"data": page.items, "links": page.links})

    def _check_wish(self, row: Node, rows: Node) -> None:
        """Refuse the whole job for a row, where a test wants that."""
        settings = self._state.settings
        if _email(row) in settings.import_refuses_whole:
            named = f"{row.pointer}/attributes/email" if settings.import_names_rows else rows.pointer
            invalid("Invalid email address", named)

    def _lists(self, node: Node | None) -> list[str]:
        relation = node.members({"lists"}, KIND).get("lists") if node else None
        if relation is None:
            return []
        ids = [need(item.resource("list", ("id",)), "id", item).text() for item in relation.data(KIND).items()]
        return [self._state.mailing_list(identifier).id for identifier in ids]

    def _import(self, job: Job, rows: list[Node]) -> None:
        for row in rows:
            try:
                self._import_one(job, row)
            except ApiError as error:
                job.failed_count += 1
                job.errors.append(_import_error(job, row, error))
            else:
                job.completed_count += 1

    def _import_one(self, job: Job, row: Node) -> None:
        if len(json.dumps(row.value).encode()) > MOST_PROFILE_BYTES:
            invalid("A profile may not be larger than 100 KB.", row.pointer)
        if _email(row) in self._state.settings.import_refuses:
            invalid("Invalid input.", f"{row.pointer}/attributes/properties")
        given = identified(read_profile(row, UPSERT_ATTRIBUTES, members=("id", "meta")))
        profile, _ = people.upsert(self._state, given, nulls_clear=False)
        job.profiles.append(profile.id)
        for list_id in job.lists:
            join(self._state, self._state.mailing_list(list_id), profile, quiet=False)


def _check_shape(row: Node) -> None:
    attributes = need(row.resource("profile", ("id", "meta", "attributes")), "attributes", row)
    attributes.members(UPSERT_ATTRIBUTES, "profile")


def _email(row: Node) -> object:
    return row.value["attributes"].get("email")


def _import_error(job: Job, row: Node, error: ApiError) -> dict[str, object]:
    attributes = {
        "code": error.code,
        "title": error.title,
        "detail": error.detail,
        "source": error.source,
        "original_payload": row.value,
    }
    return {"type": "import-error", "id": f"{job.id}-{len(job.errors):05d}", "attributes": attributes}
