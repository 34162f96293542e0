"""How Klaviyo says that consent was collected, in our words, and what that proves. Webhooks and polling share it."""

import re
from collections.abc import Iterable
from typing import Final

from commerce_sync.contracts.consent import Strength

_METHODS: Final[tuple[tuple[frozenset[str], str], ...]] = (
    (frozenset({"import", "csv", "upload", "manual", "bulk"}), "import"),
    (frozenset({"api"}), "api"),
    (frozenset({"keyword", "keywords", "inbound"}), "keyword"),
    (frozenset({"checkout"}), "checkout"),
    (frozenset({"preference", "preferences"}), "preference_page"),
    (frozenset({"form", "forms", "page", "popup"}), "form"),
)
"""By whole words of Klaviyo's own name of a method: ``platform`` is no form. What proves less comes first."""
OWN_ACTS: Final = frozenset({"keyword", "checkout", "preference_page", "form"})
BOUNCED: Final = frozenset({"HARD_BOUNCE", "INVALID_EMAIL"})


def method_of(klaviyo_method: str) -> str:
    """Klaviyo's name of how consent was collected in our words; ``api`` where it is none that a person is in."""
    words = set(re.split(r"[^a-z]+", klaviyo_method.lower()))
    return next((method for known, method in _METHODS if words & known), "api")


def strength_of(klaviyo_method: str, *, is_dated: bool, is_confirmed: bool, is_suppressed: bool) -> Strength:
    """Verified: confirmed, or a keyword by its own name. Strong: by a person's own act.

    Weak is anything else, and all that is undated or stands beside a suppression: Klaviyo sends nothing there.
    """
    if is_suppressed or not is_dated:
        return "weak_in"
    method = method_of(klaviyo_method)
    if is_confirmed or (method == "keyword" and "keyword" in klaviyo_method.lower()):
        return "verified_in"
    return "strong_in" if method in OWN_ACTS else "weak_in"


def suppresses(reasons: Iterable[str]) -> bool:
    """Whether anything but a bounce keeps Klaviyo from writing."""
    return any(reason.strip().upper() not in BOUNCED for reason in reasons)
