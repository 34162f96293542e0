"""How the configuration names a vendor's list or kind of email: by its id, or by its name."""

from collections.abc import Callable, Mapping

from commerce_sync.contracts.consent_policy import ConsentPolicy


def named_by(policy: ConsentPolicy, source: str, names: Mapping[str, str]) -> Callable[[str], str]:
    """A function from an id (or a name) to what the configuration calls it; the id where it says nothing of it.

    ``names`` are the vendor's names by id. A name that several have means none of them.
    """
    if source == "klaviyo":
        known = {one.klaviyo for one in policy.purposes} | set(policy.ignored_klaviyo)
    else:
        known = {name for one in policy.purposes for name in one.hubspot} | set(policy.ignored_hubspot)
    counted = list(names.values())
    ids = {name: one for one, name in names.items() if counted.count(name) == 1}

    def named(given: str) -> str:
        one = ids.get(given, given) if given not in names else given
        return next((called for called in (one, names.get(one, one)) if called in known), one)

    return named


def is_ignored(policy: ConsentPolicy, subscription_id: str, name: str) -> bool:
    """Whether a kind of HubSpot's email is none of our business."""
    return bool({subscription_id, name} & set(policy.ignored_hubspot))
