"""``erase``, ``export`` and ``privacy``: what an operator asks for, decides and sees of privacy requests.

A command only writes a request down and wakes it; privacy_requests does the work. Giving a command twice makes a
second request that finds nothing more to do.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from commerce_sync.contracts.identity import PrivacyKind
from commerce_sync.contracts.identity_book import Identifier, identifier_of
from commerce_sync.contracts.privacy import PrivacyCase, StepDone, Work

OPERATOR, OPERATIONS = "operator", "operations"
BY_HAND = ("hubspot", "klaviyo")
ADDRESSES = ("email", "phone")
Arguments = Mapping[str, Any]


class Cases(Protocol):
    """Requests and their proof."""

    def find(self, case_id: str) -> PrivacyCase | None:
        """One request."""

    def put(self, case: PrivacyCase) -> PrivacyCase:
        """Write over the revision that was read."""

    def all(self) -> Iterable[PrivacyCase]:
        """Every request."""


@dataclass(frozen=True)
class PrivacyCommands:
    """The three commands.

    ``wake`` makes a request due; ``address_of`` gives the identifier of an email address or phone number in its normal
    form, None where it is neither; ``counted`` says how much is known of whom an identifier names.
    """

    cases: Cases
    wake: Callable[[str], None]
    address_of: Callable[[str], Identifier | None]
    counted: Callable[[Identifier], Mapping[str, int]]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    deadline_days: float

    def erase(self, arguments: Arguments) -> dict[str, Any]:
        """Count what is known of a person, erase it (``dry_run`` false), or go on with a request that waits.

        :raises ValueError: the arguments say nothing that can be done.
        """
        if "request_id" in arguments:
            return self._go_on(arguments)
        named = self._named(arguments)
        known = dict(self.counted(named))
        if _flag(arguments, "dry_run", unless_said=True):
            return {"would_erase": known}
        self._refuse_unknown(known, arguments)
        return {"request_id": self._ask("erase", named, arguments).case_id}

    def export(self, arguments: Arguments) -> dict[str, Any]:
        """Ask for an export; ``privacy`` says when it is ready and where it lies.

        :raises ValueError: nobody is known by that name, and ``unknown`` is not true.
        """
        named = self._named(arguments)
        self._refuse_unknown(self.counted(named), arguments)
        return {"request_id": self._ask("access", named, arguments).case_id}

    def privacy(self, arguments: Arguments) -> dict[str, Any]:
        """One request, or all of them, the most urgent first."""
        if "request_id" in arguments:
            return told(self._case(arguments), self.now())
        cases = sorted(self.cases.all(), key=lambda case: (case.is_closed, case.deadline))
        return {"requests": [told(case, self.now()) for case in cases]}

    def _ask(self, kind: PrivacyKind, named: Identifier, arguments: Arguments) -> PrivacyCase:
        now = self.now()
        case = PrivacyCase(
            case_id=self.new_id(),
            kind=kind,
            source=OPERATOR,
            store=OPERATIONS,
            requested_at=now,
            received_at=now,
            deadline=now + timedelta(days=self.deadline_days),
            by=_words(arguments, "by"),
            why=_words(arguments, "why") if kind == "erase" else "",
            work=Work(named=(named,)),
        )
        self.cases.put(case)
        self.wake(case.case_id)
        return case

    def _go_on(self, arguments: Arguments) -> dict[str, Any]:
        case, now = self._case(arguments), self.now()
        by_hand, confirmed = _vendors(arguments), _flag(arguments, "confirm", unless_said=False)
        if case.is_closed:
            raise ValueError("it is finished already")
        if not (by_hand or confirmed):
            raise ValueError(f"confirm it, or say what of {', '.join(BY_HAND)} was done by hand")
        by = _words(arguments, "by") if "by" in arguments else OPERATOR
        names = (name for vendor in by_hand for name in (vendor, f"check_{vendor}") if not case.has_done(name))
        changes: dict[str, Any] = {
            "state": "open",
            "reason": None,
            "waits": {step: why for step, why in case.waits.items() if step.removeprefix("check_") not in by_hand},
            "steps": (*case.steps, *(StepDone(step=name, at=now, by_hand=by) for name in names)),
            "work": case.work.model_copy(update={"failures": {}}) if case.work else None,
        }
        if confirmed:
            changes |= {"confirmed_by": by, "confirmed_at": now}
        went_on = self.cases.put(case.model_copy(update=changes))
        self.wake(case.case_id)
        return told(went_on, now)

    def _named(self, arguments: Arguments) -> Identifier:
        """Whom the arguments name. An address is read in any spelling, whichever way it is given."""
        if ("identifier" in arguments) == ("address" in arguments):
            raise ValueError("give either an address or an identifier")
        if "address" in arguments:
            return self._address(_text(arguments, "address"))
        kind, value = identifier_of(_text(arguments, "identifier"))
        if not kind or not value:
            raise ValueError("an identifier reads like shopify:us#42, hubspot:main#501 or klaviyo#01GDDK")
        family = kind.partition("@")[0]
        if family not in ADDRESSES:
            return kind, value
        found = self._address(value)
        if found[0] != family:
            raise ValueError(f"what stands after {kind}# is no such address")
        return kind, found[1]

    def _address(self, text: str) -> Identifier:
        found = self.address_of(text)
        if found is None:
            raise ValueError("neither an email address nor an international phone number")
        return found

    def _refuse_unknown(self, known: Mapping[str, int], arguments: Arguments) -> None:
        unknown = _flag(arguments, "unknown", unless_said=False)
        if not unknown and not any(count for name, count in known.items() if name != "identifiers"):
            raise ValueError(
                "nobody is known by that name: look for a slip of the pen, or say unknown: true to mark it all the "
                "same and ask the vendors"
            )

    def _case(self, arguments: Arguments) -> PrivacyCase:
        case = self.cases.find(_text(arguments, "request_id"))
        if case is None:
            raise ValueError("there is no such request")
        return case


def told(case: PrivacyCase, now: datetime) -> dict[str, Any]:
    """A request as an operator may see it: everything but whom it is about."""
    shown = case.model_dump(mode="json", exclude={"work", "revision", "case_id"}, exclude_none=True)
    overdue = not case.is_closed and now > case.deadline
    return {"request_id": case.case_id, **shown, "overdue": overdue}


def _words(arguments: Arguments, name: str) -> str:
    """Who or why, in words that stay in the proof: so they name nobody by an address."""
    words = _text(arguments, name)
    if "@" in words and name != "by":
        raise ValueError(f"{name} stays in the proof: do not write addresses there")
    return words


def _text(arguments: Arguments, name: str) -> str:
    text = arguments[name]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is a text that says something")
    return text


def _flag(arguments: Arguments, name: str, *, unless_said: bool) -> bool:
    """Exactly true or false: nothing is erased because a word was taken for one of them."""
    flag = arguments.get(name, unless_said)
    if not isinstance(flag, bool):
        raise TypeError(f"{name} is true or false, and nothing else")
    return flag


def _vendors(arguments: Arguments) -> tuple[str, ...]:
    names = arguments.get("done_by_hand", [])
    if not isinstance(names, list) or not all(name in BY_HAND for name in names):
        raise ValueError(f"done_by_hand is a list of {', '.join(BY_HAND)}")
    return tuple(names)
