"""Suppressing and unsuppressing email addresses: jobs of at most 100 addresses, or of one list's members."""

from collections.abc import Callable

from flask import jsonify
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import jobs, people
from local.sandboxes.klaviyo.documents import Node, document, need, within
from local.sandboxes.klaviyo.errors import invalid, not_found
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.paging import allow
from local.sandboxes.klaviyo.rates import L
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

SUPPRESS = "profile-suppression-bulk-create-job"
UNSUPPRESS = "profile-suppression-bulk-delete-job"
MOST_EMAILS = 100
REASON = "USER_SUPPRESSED"


class Suppressions:
    """Manual suppression, for email only. The control ``suppressions`` plants others: pairs of email and reason."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        state.control("suppressions", self._plant)

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("POST", f"/api/{SUPPRESS}s", lambda: self._start(SUPPRESS, self._suppress), L),
            Route("POST", f"/api/{UNSUPPRESS}s", lambda: self._start(UNSUPPRESS, self._unsuppress), L),
            Route("GET", f"/api/{SUPPRESS}s/<job_id>", lambda job_id: self._read(SUPPRESS, job_id), L),
            Route("GET", f"/api/{UNSUPPRESS}s/<job_id>", lambda job_id: self._read(UNSUPPRESS, job_id), L),
        ]

    def _start(self, kind: str, apply: Callable[[str], bool]) -> ResponseReturnValue:
        emails = self._emails(document(), kind)
        job = jobs.new_job(self._state, kind, len(emails))
        answer = jobs.shown(job, "skipped_count")

        def work() -> None:
            for email in emails:
                applied = apply(email)
                job.completed_count += applied
                job.skipped_count += not applied

        jobs.start(self._state, job, work)
        return jsonify({"data": answer}), 202

    def _read(self, kind: str, job_id: str) -> ResponseReturnValue:
        allow()
        return jsonify({"data": jobs.shown(jobs.find(self._state, kind, job_id), "skipped_count")})

    def _plant(self, pairs: list[tuple[str, str]]) -> None:
        for email, reason in pairs:
            self._suppress(email, reason)

    def _suppress(self, email: str, reason: str = REASON) -> bool:
        profile = people.resolve(self._state, Given(None, {"email": email}))
        if reason in profile.consent.suppressions:
            return False
        profile.consent.suppressions[reason] = self._state.clock.moment()
        return True

    def _unsuppress(self, email: str) -> bool:
        found = people.owners(self._state, {"email": email})
        return bool(found) and found[0].consent.suppressions.pop(REASON, None) is not None

    def _emails(self, node: Node, kind: str) -> list[str]:
        members = node.resource(kind, ("attributes", "relationships"))
        attributes = members["attributes"].members({"profiles"}, kind) if "attributes" in members else {}
        relations = members["relationships"].members({"list", "segment"}, kind) if "relationships" in members else {}
        if len(attributes) + len(relations) != 1:
            invalid("Provide either profiles, or exactly one list or segment.", node.pointer)
        if "profiles" in attributes:
            return [_email(item) for item in within(attributes["profiles"].data(kind), MOST_EMAILS, "profiles")]
        name, relation = next(iter(relations.items()))
        identifier = need(relation.data(kind).resource(name, ("id",)), "id", relation).text()
        if name == "segment":
            raise not_found("segment", identifier)
        members_ids = self._state.mailing_list(identifier).members
        emails = [self._state.profiles[profile_id].identifier("email") for profile_id in members_ids]
        return [email for email in emails if email]


def _email(node: Node) -> str:
    attributes = need(node.resource("profile"), "attributes", node)
    return need(attributes.members({"email"}, "profile"), "email", attributes).email()
