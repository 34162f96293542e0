"""Profiles: upsert, create, change, read one, read many."""

from collections.abc import Mapping
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import people, rendering
from local.sandboxes.klaviyo.documents import document
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.filters import CHOICE, EQUALS, EXCLUSIVE, RANGE, Field, matching
from local.sandboxes.klaviyo.given import UPSERT_ATTRIBUTES, identified, read_profile
from local.sandboxes.klaviyo.paging import Pages, allow, page_of, words
from local.sandboxes.klaviyo.rates import L
from local.sandboxes.klaviyo.records import Profile
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState

MOST_BYTES = 100_000
ADDITIONAL = "additional-fields[profile]"
ADDITIONS = ("subscriptions",)
SPARSE = "fields[profile]"
EMAIL = "subscriptions.email.marketing"
FIELDS: Mapping[str, Field] = {
    "id": Field(lambda profile: [profile.id], CHOICE),
    "email": Field(lambda profile: [profile.identifier("email")], CHOICE),
    "phone_number": Field(lambda profile: [profile.identifier("phone_number")], CHOICE),
    "external_id": Field(lambda profile: [profile.identifier("external_id")], CHOICE),
    "_kx": Field(lambda _profile: [], EQUALS),
    "created": Field(lambda profile: [profile.created], EXCLUSIVE, "datetime"),
    "updated": Field(lambda profile: [profile.updated], EXCLUSIVE, "datetime"),
    f"{EMAIL}.suppression.reason": Field(lambda profile: list(profile.consent.suppressions), EQUALS),
    f"{EMAIL}.suppression.timestamp": Field(
        lambda profile: list(profile.consent.suppressions.values()), RANGE, "datetime"
    ),
    f"{EMAIL}.list_suppressions.list_id": Field(
        lambda profile: [list_id for list_id, _, _ in profile.consent.list_suppressions], EQUALS
    ),
    f"{EMAIL}.list_suppressions.reason": Field(
        lambda profile: [reason for _, reason, _ in profile.consent.list_suppressions], EQUALS
    ),
    f"{EMAIL}.list_suppressions.timestamp": Field(
        lambda profile: [since for _, _, since in profile.consent.list_suppressions], RANGE, "datetime"
    ),
}


def _newest(times: list[Any]) -> float:
    return max((moment.timestamp() for moment in times), default=0.0)


PAGES = Pages(
    20,
    100,
    {
        "id": lambda profile: (profile.id, profile.id),
        "created": lambda profile: (profile.created.timestamp(), profile.id),
        "updated": lambda profile: (profile.updated.timestamp(), profile.id),
        "email": lambda profile: (profile.identifier("email") or "", profile.id),
        f"{EMAIL}.suppression.timestamp": lambda profile: (
            _newest(list(profile.consent.suppressions.values())),
            profile.id,
        ),
        f"{EMAIL}.list_suppressions.timestamp": lambda profile: (
            _newest([since for _, _, since in profile.consent.list_suppressions]),
            profile.id,
        ),
    },
    "id",
)


class Profiles:
    """The profile operations that touch no consent."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("POST", "/api/profile-import", self.upsert, L),
            Route("POST", "/api/profiles", self.create, L),
            Route("GET", "/api/profiles", self.read_many, L),
            Route("GET", "/api/profiles/<profile_id>", self.read, L),
            Route("PATCH", "/api/profiles/<profile_id>", self.update, L),
        ]

    def upsert(self) -> ResponseReturnValue:
        """201 when it created, 200 when it updated, 409 when the identifiers belong to two profiles."""
        allow(ADDITIONAL)
        given = read_profile(document(MOST_BYTES), UPSERT_ATTRIBUTES, members=("id", "meta"))
        profile, created = people.upsert(self._state, identified(given))
        return jsonify({"data": shown(profile)}), 201 if created else 200

    def create(self) -> ResponseReturnValue:
        """201, or 409 with the id of the profile that has an identifier already."""
        allow(ADDITIONAL)
        given = identified(read_profile(document(MOST_BYTES), UPSERT_ATTRIBUTES))
        if holders := people.owners(self._state, given.identifiers):
            raise people.conflict(given, holders[0], meta=True)
        return jsonify({"data": shown(people.create(self._state, given))}), 201

    def update(self, profile_id: str) -> ResponseReturnValue:
        """Change one profile; ``data.id`` must be the path's."""
        allow(ADDITIONAL)
        given = read_profile(document(MOST_BYTES), UPSERT_ATTRIBUTES, members=("id", "meta"))
        if given.id != profile_id:
            invalid("The id in the payload must match the id in the path.", "/data/id")
        profile = self._state.profile(profile_id)
        for holder in people.owners(self._state, given.identifiers):
            if holder is not profile:
                raise people.conflict(given, holder, meta=False)
        people.keep_identified(profile, given)
        people.change(self._state, profile, given)
        return jsonify({"data": shown(profile)})

    def read(self, profile_id: str) -> ResponseReturnValue:
        """One profile."""
        allow(ADDITIONAL, SPARSE)
        return jsonify({"data": shown(self._state.profile(profile_id)), "links": {"self": request.url}})

    def read_many(self) -> ResponseReturnValue:
        """A page of profiles."""
        allow(ADDITIONAL, SPARSE, "filter", "sort", "page[size]", "page[cursor]")
        found = matching(list(self._state.profiles.values()), request.args.get("filter"), FIELDS)
        page = page_of(found, PAGES)
        words(ADDITIONAL, ADDITIONS)
        return jsonify({"data": [shown(profile) for profile in page.items], "links": page.links})


def shown(profile: Profile) -> dict[str, Any]:
    """A profile with the fields the request asks for."""
    additional = words(ADDITIONAL, ADDITIONS)
    resource = rendering.profile(profile, subscriptions="subscriptions" in additional)
    wanted = words(SPARSE, rendering.profile(profile, subscriptions=True)["attributes"])
    if wanted:
        resource["attributes"] = {name: value for name, value in resource["attributes"].items() if name in wanted}
    return resource
