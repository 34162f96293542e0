"""Lists and their members. Membership never changes consent."""

from collections.abc import Mapping

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import profiles, rendering
from local.sandboxes.klaviyo.consent import join
from local.sandboxes.klaviyo.documents import Node, document, need, within
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.filters import CHOICE, RANGE, Field, matching
from local.sandboxes.klaviyo.paging import Pages, allow, page_of
from local.sandboxes.klaviyo.rates import LIST_CREATE, L, M, S
from local.sandboxes.klaviyo.records import MailingList
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

MOST_MEMBERS = 1000
OPT_INS = ("single_opt_in", "double_opt_in")
AFTER = frozenset({"greater-than"})
FIELDS: Mapping[str, Field] = {
    "id": Field(lambda record: [record.id], CHOICE),
    "name": Field(lambda record: [record.name], CHOICE),
    "created": Field(lambda record: [record.created], AFTER, "datetime"),
    "updated": Field(lambda record: [record.updated], AFTER, "datetime"),
}
PAGES = Pages(
    10,
    10,
    {
        "id": lambda record: (record.id, record.id),
        "name": lambda record: (record.name, record.id),
        "created": lambda record: (record.created.timestamp(), record.id),
        "updated": lambda record: (record.updated.timestamp(), record.id),
    },
    "id",
)
MEMBER_FIELDS: Mapping[str, Field] = {
    "joined_group_at": Field(lambda member: [member[1]], RANGE, "datetime"),
    "profile_id": Field(lambda member: [member[0].id], CHOICE),
    "email": Field(lambda member: [member[0].identifier("email")], CHOICE),
    "phone_number": Field(lambda member: [member[0].identifier("phone_number")], CHOICE),
}
MEMBER_PAGES = Pages(
    20, 100, {"joined_group_at": lambda member: (member[1].timestamp(), member[0].id)}, "-joined_group_at"
)


class Lists:
    """Lists."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The operations."""
        members = "/api/lists/<list_id>/relationships/profiles"
        return [
            Route("GET", "/api/lists", self.read_many, L),
            Route("POST", "/api/lists", self.create, LIST_CREATE),
            Route("GET", "/api/lists/<list_id>", self.read, L),
            Route("POST", members, self.add, M),
            Route("DELETE", members, self.remove, M),
            Route("GET", "/api/lists/<list_id>/profiles", self.members, L),
            Route("GET", "/api/profiles/<profile_id>/lists", self.of_profile, S),
        ]

    def read_many(self) -> ResponseReturnValue:
        """A page of at most 10 lists."""
        allow("filter", "sort", "page[size]", "page[cursor]")
        page = page_of(matching(list(self._state.lists.values()), request.args.get("filter"), FIELDS), PAGES)
        return jsonify({"data": [rendering.mailing_list(record) for record in page.items], "links": page.links})

    def create(self) -> ResponseReturnValue:
        """A new list, single opt-in unless it says otherwise (the account's default)."""
        node = document()
        attributes = need(node.resource("list"), "attributes", node)
        members = attributes.members({"name", "opt_in_process"}, "list")
        name = need(members, "name", attributes).text()
        default = self._state.settings.default_opt_in
        opt_in = members["opt_in_process"].one_of(OPT_INS) if "opt_in_process" in members else default
        now = self._state.clock.moment()
        record = MailingList(self._state.new_id("", 6), name, opt_in, now, now)
        self._state.lists[record.id] = record
        return jsonify({"data": rendering.mailing_list(record)}), 201

    def read(self, list_id: str) -> ResponseReturnValue:
        """One list."""
        allow()
        return jsonify({"data": rendering.mailing_list(self._state.mailing_list(list_id))})

    def add(self, list_id: str) -> ResponseReturnValue:
        """Add up to 1000 profiles: 204."""
        mailing_list = self._state.mailing_list(list_id)
        members = [self._state.profile(identifier) for identifier in _profile_ids(document())]
        for profile in members:
            join(self._state, mailing_list, profile, quiet=False)
        return Response(status=204)

    def remove(self, list_id: str) -> ResponseReturnValue:
        """Remove up to 1000 profiles: 204, also for those who are not members."""
        mailing_list = self._state.mailing_list(list_id)
        for identifier in _profile_ids(document()):
            mailing_list.members.pop(identifier, None)
        return Response(status=204)

    def members(self, list_id: str) -> ResponseReturnValue:
        """A page of the list's profiles, each with the time it joined."""
        allow(profiles.ADDITIONAL, profiles.SPARSE, "filter", "sort", "page[size]", "page[cursor]")
        joined = self._state.mailing_list(list_id).members
        members = [(self._state.profiles[identifier], moment) for identifier, moment in joined.items()]
        page = page_of(matching(members, request.args.get("filter"), MEMBER_FIELDS), MEMBER_PAGES)
        data = []
        for profile, moment in page.items:
            shown = profiles.shown(profile)
            shown["attributes"]["joined_group_at"] = rendering.iso(moment)
            data.append(shown)
        return jsonify({"data": data, "links": page.links})

    def of_profile(self, profile_id: str) -> ResponseReturnValue:
        """The lists a profile is in."""
        allow()
        profile = self._state.profile(profile_id)
        mine = [record for record in self._state.lists.values() if profile.id in record.members]
        return jsonify({"data": [rendering.mailing_list(record) for record in mine], "links": {"self": request.url}})


def _profile_ids(node: Node) -> list[str]:
    if isinstance(node.value, list) and not node.value:
        invalid("At least one profile is required.", node.pointer)
    items = within(node, MOST_MEMBERS, "profiles")
    return [need(item.resource("profile", ("id",)), "id", item).text() for item in items]
