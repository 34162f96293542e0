"""Whose profile a request means and how it changes: omitted leaves a field, null clears it."""

import copy
from typing import Any

from local.sandboxes.klaviyo.errors import ApiError, invalid
from local.sandboxes.klaviyo.given import Given
from local.sandboxes.klaviyo.records import IDENTIFIERS, Profile
from local.sandboxes.klaviyo.state import KlaviyoState


def owners(state: KlaviyoState, identifiers: dict[str, str]) -> list[Profile]:
    """The profiles that hold any of these identifiers, in the order of the identifiers."""
    ids = [state.owners.get((name, value)) for name, value in identifiers.items()]
    return [state.profiles[identifier] for identifier in dict.fromkeys(ids) if identifier]


def conflict(given: Given, holder: Profile, *, meta: bool) -> ApiError:
    """The 409 of an identifier that belongs to another profile."""
    return ApiError(
        409,
        "duplicate_profile",
        "Conflict.",
        "A profile already exists with one of these identifiers.",
        source={"pointer": given.pointer},
        meta={"duplicate_profile_id": holder.id} if meta else {},
    )


def change(state: KlaviyoState, profile: Profile, given: Given, *, nulls_clear: bool = True) -> None:
    """Apply what was given; ``updated`` moves only when that changes something."""
    before = copy.deepcopy((profile.attributes, profile.location, profile.properties))
    kept = {name: value for name, value in given.attributes.items() if nulls_clear or value is not None}
    _merge(profile.location, kept.pop("location", {}), nulls_clear=nulls_clear)
    _merge(profile.properties, kept.pop("properties", {}), nulls_clear=nulls_clear)
    state.disown(profile)
    _merge(profile.attributes, kept, nulls_clear=nulls_clear)
    state.own(profile)
    _apply_patch(profile.properties, given.patch)
    if before != (profile.attributes, profile.location, profile.properties):
        profile.updated = state.clock.moment()


def create(state: KlaviyoState, given: Given) -> Profile:
    """A new profile."""
    now = state.clock.moment()
    profile = Profile(state.new_id("01", 24), now, now)
    state.profiles[profile.id] = profile
    change(state, profile, given)
    return profile


def upsert(state: KlaviyoState, given: Given, *, nulls_clear: bool = True) -> tuple[Profile, bool]:
    """Create or update the one profile meant; 409 when the identifiers belong to several."""
    named = [state.profile(given.id)] if given.id else []
    found = list({profile.id: profile for profile in [*named, *owners(state, given.identifiers)]}.values())
    if len(found) > 1:
        raise conflict(given, found[1], meta=state.settings.upsert_names_duplicate)
    if not found:
        return create(state, given), True
    keep_identified(found[0], given)
    change(state, found[0], given, nulls_clear=nulls_clear)
    return found[0], False


def keep_identified(profile: Profile, given: Given) -> None:
    """Refuse to clear a profile's last identifier."""
    left = {name: profile.identifier(name) for name in IDENTIFIERS} | given.attributes
    if not any(left[name] for name in IDENTIFIERS):
        invalid("A profile must keep at least one identifier.", given.pointer)


def resolve(state: KlaviyoState, given: Given) -> Profile:
    """The profile an accepted event or consent call means, made when missing.

    There is nobody to refuse any more: the first identifier with an owner decides (the vendor does not document
    the order), and identifiers of other profiles stay where they are.
    """
    found = [state.profiles[given.id]] if given.id in state.profiles else owners(state, given.identifiers)
    if not found:
        return create(state, given)
    profile = found[0]
    taken = {name for name, value in given.identifiers.items() if owners(state, {name: value}) not in ([], [profile])}
    attributes = {name: value for name, value in given.attributes.items() if name not in taken}
    change(state, profile, Given(given.id, attributes, given.patch), nulls_clear=True)
    return profile


def _apply_patch(properties: dict[str, Any], patch: dict[str, Any]) -> None:
    for name, value in patch.get("append", {}).items():
        properties[name] = [*_list(properties.get(name, [])), *_list(value)]
    for name, value in patch.get("unappend", {}).items():
        properties[name] = [item for item in _list(properties.get(name, [])) if item not in _list(value)]
    unset = patch.get("unset", [])
    for name in [unset] if isinstance(unset, str) else unset:
        properties.pop(name, None)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _merge(target: dict[str, Any], changes: dict[str, Any] | None, *, nulls_clear: bool) -> None:
    if changes is None:
        target.clear()
        return
    for name, value in changes.items():
        if value is not None:
            target[name] = value
        elif nulls_clear:
            target.pop(name, None)
