"""What a request says of a profile, read and checked."""

from dataclasses import dataclass, field
from typing import Any

from local.sandboxes.klaviyo.documents import Node, need
from local.sandboxes.klaviyo.errors import invalid
from local.sandboxes.klaviyo.records import IDENTIFIERS, LOCATION, PLAIN

ATTRIBUTES = (*IDENTIFIERS[:3], *PLAIN, "location", "properties")
UPSERT_ATTRIBUTES = (*ATTRIBUTES, "_kx")
EVENT_ATTRIBUTES = (*UPSERT_ATTRIBUTES, "anonymous_id")
PATCHES = ("append", "unappend", "unset")


@dataclass(frozen=True)
class Given:
    """What a request says of a profile, checked. ``pointer`` is where its attributes are."""

    id: str | None
    attributes: dict[str, Any]
    patch: dict[str, Any] = field(default_factory=dict)
    pointer: str = "/data/attributes"

    @property
    def identifiers(self) -> dict[str, str]:
        """The identifiers among the attributes."""
        return {name: self.attributes[name] for name in IDENTIFIERS if self.attributes.get(name)}


def read_profile(node: Node, allowed: tuple[str, ...], *, members: tuple[str, ...] = ()) -> Given:
    """Check a profile resource; ``members`` may stand beside its attributes."""
    resource = node.resource("profile", ("attributes", *members))
    attributes = need(resource, "attributes", node)
    values = {name: checked(name, value) for name, value in attributes.members(allowed, "profile").items()}
    patch = _patch(resource["meta"]) if "meta" in resource else {}
    identifier = resource["id"].text() if "id" in resource else None
    return Given(identifier, values, patch, attributes.pointer)


def identified(given: Given) -> Given:
    """Refuse a profile that no identifier names."""
    if not given.identifiers and given.id is None:
        invalid("At least one of 'id', 'email', 'phone_number' or 'external_id' is required.", given.pointer)
    return given


def checked(name: str, node: Node) -> Any:
    """One profile attribute's value; null stays null."""
    if node.value is None:
        return None
    if name == "email":
        return node.email()
    if name == "phone_number":
        return node.phone()
    if name == "location":
        return {key: _place(key, value) for key, value in node.members(LOCATION, "profile").items()}
    if name == "properties":
        node.members(None, "profile")
        return node.value
    return node.text() if name in IDENTIFIERS else _text(node)


def _text(node: Node) -> str:
    if not isinstance(node.value, str):
        invalid("Not a valid string.", node.pointer)
    return node.value


def _place(name: str, node: Node) -> Any:
    if node.value is None or name in {"latitude", "longitude"}:
        return node.value
    return _text(node)


def _patch(meta: Node) -> dict[str, Any]:
    node = meta.members({"patch_properties"}, "profile").get("patch_properties")
    patches = node.members(PATCHES, "profile") if node else {}
    for name in ("append", "unappend"):
        if name in patches:
            patches[name].members(None, "profile")
    if "unset" in patches and not isinstance(patches["unset"].value, str):
        for item in patches["unset"].items():
            item.text()
    return {name: patch.value for name, patch in patches.items()}
