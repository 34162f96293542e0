"""What the owner of a Klaviyo profile refused, as one text: equal for two profiles only where their refusals are.

Source: the revision 2026-10-15 of ``additional-fields[profile]=subscriptions``. Consent and suppression are independent
there; only the email channel has lists of suppressions, so on every other channel ``can_receive...`` alone tells that a
subscriber is not to be messaged. What we have no word for is no permission and no refusal: nobody knows.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PERMITTED = frozenset({"SUBSCRIBED", "NEVER_SUBSCRIBED"})
CONSENTS = PERMITTED | {"UNSUBSCRIBED"}
EMAIL = "email."
NEEDED = {"email": "email.marketing", "phone_number": "sms.marketing"}
"""What must be told of a profile that has such an address."""
WORD = re.compile(r"[A-Za-z0-9_-]+")
Permissions = Mapping[str, Mapping[str, Any]]


class UnreadableConsentError(ValueError):
    """A part of a profile's consent says something that we have no word for, or nothing where it should."""


def profile_refusals(attributes: Mapping[str, Any]) -> str | None:
    """Every refusal and suppression on every channel, sorted, as ``<channel>.<purpose>:<what>``.

    None where the profile was read without its subscriptions, or where any part of them cannot be read. A channel that
    is not told of, without an address for it, has refused nothing.
    """
    try:
        permissions = dict(_permissions(attributes.get("subscriptions")))
        needed = {name for address, name in NEEDED.items() if attributes.get(address)}
        if not permissions or not needed <= permissions.keys():
            return None
        told = {f"{name}:{what}" for name in permissions for what in _refused(name, permissions[name])}
    except UnreadableConsentError:
        return None
    return ",".join(sorted(told))


def _permissions(subscriptions: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each permission by channel and purpose; null means that nothing is told."""
    for channel, purposes in _mapping(subscriptions or {}).items():
        for purpose, permission in _mapping(purposes or {}).items():
            if permission is not None:
                yield f"{_word(channel)}.{_word(purpose)}", _mapping(permission)


def _refused(name: str, permission: Mapping[str, Any]) -> Iterator[str]:
    """The refusals of one permission.

    Nobody who never subscribed can be messaged by SMS, push or WhatsApp, so there that is no refusal of theirs. By
    email it is one: ``can_receive`` says that nothing is suppressed, or that opens and clicks may be followed.
    """
    consent = permission.get("consent")
    able = [value for field, value in permission.items() if field.startswith("can_receive")]
    if str(consent) not in CONSENTS or len(able) != 1 or not isinstance(able[0], bool):
        raise UnreadableConsentError
    if consent not in PERMITTED:
        yield str(consent)
    if not able[0] and (name.startswith(EMAIL) or consent != "NEVER_SUBSCRIBED"):
        yield "cannot_receive"
    for suppression in _list(permission.get("suppression")):
        yield _word(suppression.get("reason"))
    for suppression in _list(permission.get("list_suppressions")):
        yield f"{_word(suppression.get('list_id'))}/{_word(suppression.get('reason'))}"


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise UnreadableConsentError
    return value


def _list(value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableConsentError
    return [_mapping(one) for one in value]


def _word(value: Any) -> str:
    """A token that joins with others unmistakably: no commas, colons or slashes of its own."""
    if not isinstance(value, str) or not WORD.fullmatch(value):
        raise UnreadableConsentError
    return value
