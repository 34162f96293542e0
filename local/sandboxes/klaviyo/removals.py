"""What makes a profile go away: merging it into another, and a privacy deletion. Both asynchronous."""

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import rendering
from local.sandboxes.klaviyo.documents import Node, document, need
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.given import checked
from local.sandboxes.klaviyo.rates import M, S
from local.sandboxes.klaviyo.records import Profile
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

MERGE = "profile-merge"
DELETION = "data-privacy-deletion-job"


class Removals:
    """Merge and deletion."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("POST", f"/api/{MERGE}", self.merge, M),
            Route("POST", f"/api/{DELETION}s", self.delete, S),
        ]

    def merge(self) -> ResponseReturnValue:
        """201 with the destination; exactly one source, which is gone after the job lag."""
        node = document()
        members = node.resource(MERGE, ("id", "relationships"))
        destination = self._state.profile(need(members, "id", node).text())
        relations = need(members, "relationships", node)
        sources = need(relations.members({"profiles"}, MERGE), "profiles", relations).data(MERGE).items()
        if len(sources) != 1:
            invalid("Exactly one source profile is required.", relations.pointer)
        source = self._state.profile(need(sources[0].resource("profile", ("id",)), "id", sources[0]).text())
        if source is destination:
            invalid("A profile cannot be merged into itself.", relations.pointer)
        self._state.later(self._state.settings.job_lag, lambda: _merge(self._state, source, destination))
        shown = rendering.resource("profile", destination.id, {})
        return jsonify({"data": {name: shown[name] for name in ("type", "id", "links")}}), 201

    def delete(self) -> ResponseReturnValue:
        """202 with an empty body; exactly one of id, email and phone number."""
        node = document()
        attributes = need(node.resource(DELETION), "attributes", node)
        target = need(attributes.members({"profile"}, DELETION), "profile", attributes).data(DELETION)
        wanted = _only_identifier(target)
        self._state.later(self._state.settings.job_lag, lambda: _delete(self._state, *wanted))
        return Response(status=202)


def _only_identifier(node: Node) -> tuple[str, str]:
    members = node.resource("profile", ("id", "attributes"))
    attributes = need(members, "attributes", node)
    given = dict(attributes.members({"email", "phone_number"}, "profile"))
    if "id" in members:
        given["id"] = members["id"]
    found = {name: value for name, value in given.items() if value.value is not None}
    if len(found) != 1:
        invalid("Exactly one of 'id', 'email' or 'phone_number' is required.", node.pointer)
    name, value = next(iter(found.items()))
    return name, value.text() if name == "id" else checked(name, value)


def _delete(state: KlaviyoState, name: str, value: str) -> None:
    profile = state.profiles.get(value if name == "id" else state.owners.get((name, value), ""))
    if profile is None:
        return
    state.forget(profile)
    state.events = [event for event in state.events if event.profile_id != profile.id]
    state.recorded = {key for key in state.recorded if key[0] != profile.id}


def _merge(state: KlaviyoState, source: Profile, destination: Profile) -> None:
    if source.id not in state.profiles or destination.id not in state.profiles:
        return
    for mailing_list in state.lists.values():
        if source.id in mailing_list.members:
            mailing_list.members.setdefault(destination.id, mailing_list.members[source.id])
    for event in state.events:
        if event.profile_id == source.id:
            event.profile_id = destination.id
            state.recorded.add((destination.id, event.metric.id, event.unique_id))
    state.forget(source)
    for mine, theirs in (
        (destination.attributes, source.attributes),
        (destination.location, source.location),
        (destination.properties, source.properties),
    ):
        mine |= {name: value for name, value in theirs.items() if name not in mine}
    state.own(destination)
    destination.updated = state.clock.moment()
