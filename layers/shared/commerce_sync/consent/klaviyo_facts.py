"""What a Klaviyo profile says of consent: a state, classed by its own method, confirmation and time; suppressions.

Consent and suppression are independent there. Where a suppression stands beside a subscription, Klaviyo sends nothing,
so the subscription is a weak word. The same state read twice makes the same statements. No state, or one that says that
nobody ever subscribed, is no information; a word that nobody knows is held for a person
(developers.klaviyo.com, collect email and SMS consent via API).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from commerce_sync.consent.identifying import moment_part, statement_id_of
from commerce_sync.contracts.consent import ALL, Action, Actor, Channel, ConsentStatement, Strength
from commerce_sync.contracts.klaviyo_methods import BOUNCED, method_of, strength_of, suppresses
from commerce_sync.contracts.shown_open import SHOWN_OPEN

ACCOUNT: Final = "account"
SUBSCRIBED, UNSUBSCRIBED = "SUBSCRIBED", "UNSUBSCRIBED"
SAYS_NOTHING: Final = frozenset({"", "NEVER_SUBSCRIBED", "NOT_SUBSCRIBED"})
SUPPRESSED: Final[Mapping[str, tuple[Action, Strength, Actor]]] = MappingProxyType(
    {
        "UNSUBSCRIBE": ("withdraw", "pref_out", "subject"),
        "SPAM_COMPLAINT": ("withdraw", "hard_out", "subject"),
        "SPAM_REPORT": ("withdraw", "hard_out", "subject"),
        "USER_SUPPRESSED": ("hold", "info", "staff"),
        "HARD_BOUNCE": ("info", "info", "system"),
        "INVALID_EMAIL": ("info", "info", "system"),
    }
)


class Shown(Protocol):
    """What a profile shows of one channel."""

    @property
    def profile_id(self) -> str: ...  # noqa: D102
    @property
    def consent(self) -> str: ...  # noqa: D102
    @property
    def consented_at(self) -> datetime | None: ...  # noqa: D102
    @property
    def last_updated(self) -> datetime | None: ...  # noqa: D102
    @property
    def method(self) -> str: ...  # noqa: D102
    @property
    def double_optin(self) -> bool | None: ...  # noqa: D102
    @property
    def suppressions(self) -> Sequence[tuple[str, datetime | None]]: ...  # noqa: D102
    @property
    def list_suppressions(self) -> Sequence[tuple[str, str, datetime | None]]: ...  # noqa: D102
    @property
    def is_held(self) -> bool: ...  # noqa: D102


def of_profile(address: str, channel: Channel, shown: Shown, seen_at: datetime | None = None) -> list[ConsentStatement]:
    """What a profile says of one address. ``seen_at`` dates an opt-out that Klaviyo does not date, where it is known.

    Without it such an opt-out has no time.
    """
    state = _state(shown)
    said = [*_suppressions(address, channel, shown, state, seen_at), *_lists(address, channel, shown, seen_at)]
    if state == SUBSCRIBED:
        said.append(_grant(address, channel, shown))
    elif state == UNSUBSCRIBED:
        at = shown.consented_at or shown.last_updated or seen_at
        hard = channel == "sms"
        said.append(
            _said(address, channel, shown, state, at)(
                action="withdraw",
                strength="hard_out" if hard else "pref_out",
                occurred_trust="vendor" if shown.consented_at or at is None else "derived",
                method="profile_state",
                **({"purpose": ALL} if hard else {"subscription": ACCOUNT}),
            )
        )
    elif state not in SAYS_NOTHING:
        hold = _said(address, channel, shown, state, shown.last_updated or seen_at)
        said.append(hold(action="hold", strength="info", actor="system", method="profile_state", purpose=ALL))
    return said


def shown_open(address: str, channel: Channel, shown: Shown, seen_at: datetime) -> list[ConsentStatement]:
    """That a profile stands in nobody's way: no word of consent (R4), but where the ledger closes it, it is told again.

    A profile that was deleted and made anew, or merged, shows nothing of what its address said, or an older word.
    """
    is_closed = shown.is_held or suppresses(reason for reason, _ in shown.suppressions)
    if is_closed or _state(shown) not in {SUBSCRIBED, *SAYS_NOTHING}:
        return []
    said = _said(address, channel, shown, SHOWN_OPEN, seen_at)
    return [said(action="info", strength="info", actor="system", method=SHOWN_OPEN, purpose=ALL)]


def _state(shown: Shown) -> str:
    return shown.consent.strip().upper().replace(" ", "_")


def _grant(address: str, channel: Channel, shown: Shown) -> ConsentStatement:
    strength = strength_of(
        shown.method,
        is_dated=shown.consented_at is not None,
        is_confirmed=shown.double_optin is True,
        is_suppressed=suppresses(reason for reason, _ in shown.suppressions),
    )
    return _said(address, channel, shown, f"{SUBSCRIBED} {strength}", shown.consented_at)(
        action="grant",
        strength=strength,
        actor="system" if strength == "weak_in" else "subject",
        method=method_of(shown.method),
        subscription=ACCOUNT,
    )


def _suppressions(
    address: str, channel: Channel, shown: Shown, state: str, seen_at: datetime | None
) -> Iterator[ConsentStatement]:
    """Of the address as a whole. An unsubscribe that the state says as well is said once."""
    for given, since in shown.suppressions:
        reason = given.strip().upper()
        if reason == "UNSUBSCRIBE" and state == UNSUBSCRIBED and since in {None, shown.consented_at}:
            continue
        action, strength, actor = SUPPRESSED.get(reason, ("hold", "info", "system"))
        at = since or (seen_at if action == "withdraw" else None)
        yield _said(address, channel, shown, reason, at)(
            action=action,
            strength=strength,
            actor=actor,
            method="bounce" if reason in BOUNCED else "suppression",
            **({"subscription": ACCOUNT} if strength == "pref_out" else {"purpose": ALL}),
        )


def _lists(address: str, channel: Channel, shown: Shown, seen_at: datetime | None) -> Iterator[ConsentStatement]:
    """Of one list each. A complaint is about all of it."""
    for list_id, given, since in shown.list_suppressions:
        reason = given.strip().upper()
        action, strength, actor = SUPPRESSED.get(reason, ("hold", "info", "system"))
        at = since or (seen_at if action == "withdraw" else None)
        yield _said(address, channel, shown, f"{reason} {list_id}", at)(
            action=action,
            strength=strength,
            actor=actor,
            method="bounce" if reason in BOUNCED else "suppression",
            **({"purpose": ALL} if strength == "hard_out" else {"subscription": list_id}),
        )


def _said(
    address: str, channel: Channel, shown: Shown, what: str, at: datetime | None
) -> Callable[..., ConsentStatement]:
    """Makes a statement of this profile, with an id of its own, what it says and when."""

    def make(**fields: Any) -> ConsentStatement:
        return ConsentStatement(
            statement_id=statement_id_of("profile", shown.profile_id, channel, what.lower(), moment_part(at)),
            channel=channel,
            address=address,
            occurred_at=at,
            evidence={"klaviyo_state": what, **({"klaviyo_method": shown.method} if shown.method else {})},
            **fields,
        )

    return make
