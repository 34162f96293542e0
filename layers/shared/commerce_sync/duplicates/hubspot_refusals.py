"""What the owner of a HubSpot contact refused, as one text: equal for two contacts only where their refusals are.

HubSpot keeps opt-outs (one for all mail, one a subscription), bounces and quarantines in read-only properties. Staff
and other tools keep theirs in custom ones, which are known by their names alone; a merge keeps the primary's value.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

OPT_OUT = "hs_email_optout"
BOUNCES = "hs_email_bounce"
BOOLEAN = re.compile(r"hs_email_optout(_[0-9]+)?|hs_email_quarantined|hs_email_bad_address")
STANDARD = re.compile(r"hs_email_(optout.*|bounce|bad_address|hard_bounce_reason.*|(customer_)?quarantined.*)")
CUSTOM = re.compile(
    r"opt(ed)?_?out|unsubscri|suppress|block_?list|black_?list|consent|gdpr|do_?not|(^|_)(dont|dnc|dnd)(_|$)"
    r"|(^|_)no_(more_)?(e?mails?|newsletters?|marketing|sms|texts?|calls?|phone|contact)(_|$)"
)
"""Names of properties, in lower case, that sound as if somebody had refused or allowed something."""


def refusal_properties(names: Iterable[str]) -> list[str]:
    """Which of an account's contact properties must be compared before two contacts become one; opting out always."""
    told = (name for name in names if STANDARD.fullmatch(name.lower()) or CUSTOM.search(name.lower()))
    return sorted({OPT_OUT, *told})


def contact_refusals(properties: Mapping[str, str], asked: Sequence[str], key: Callable[[str], str]) -> str | None:
    """What was refused, sorted: ``all``, ids of subscriptions, and other properties of ``asked`` that say something.

    Values that are not true or false may hold anything, so they stand there by ``key``, a keyed hash. None where the
    contact was read without any of these properties, or where HubSpot's own hold what is neither true nor false.
    """
    if OPT_OUT not in properties or not set(asked) <= properties.keys():
        return None
    values = {name: properties[name].strip() for name in {OPT_OUT, *asked}}
    if any(BOOLEAN.fullmatch(name) and value.lower() not in {"", "true", "false"} for name, value in values.items()):
        return None
    return ",".join(sorted(_told(values, key)))


def _told(values: Mapping[str, str], key: Callable[[str], str]) -> Iterator[str]:
    for name, value in values.items():
        if BOOLEAN.fullmatch(name):
            if value.lower() == "true":
                yield name.removeprefix(OPT_OUT).lstrip("_") or "all"
        elif name == BOUNCES:
            if value not in {"", "0"}:
                yield name
        elif value:
            yield f"{name}:{key(value)}"
