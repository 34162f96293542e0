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
        if arguments.get("dry_run", True):
            return {"would_erase": dict(self.counted(named))}
        return {"request_id": self._ask("erase", named, arguments).case_id}

    def export(self, arguments: Arguments) -> dict[str, Any]:
        """Ask for an export; ``privacy`` says when it is ready and where it lies."""
        return {"request_id": self._ask("access", self._named(arguments), arguments).case_id}

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
        by_hand = tuple(arguments.get("done_by_hand", ()))
        if case.is_closed:
            raise ValueError("it is finished already")
        if not set(by_hand) <= set(BY_HAND) or not (by_hand or arguments.get("confirm")):
            raise ValueError(f"confirm it, or say what of {', '.join(BY_HAND)} was done by hand")
        by = str(arguments.get("by") or OPERATOR)
        names = (name for vendor in by_hand for name in (vendor, f"check_{vendor}") if not case.has_done(name))
        changes: dict[str, Any] = {
            "state": "open",
            "reason": None,
            "waits": {step: why for step, why in case.waits.items() if step.removeprefix("check_") not in by_hand},
            "steps": (*case.steps, *(StepDone(step=name, at=now, by_hand=by) for name in names)),
        }
        if arguments.get("confirm"):
            changes |= {"confirmed_by": by, "confirmed_at": now}
        went_on = self.cases.put(case.model_copy(update=changes))
        self.wake(case.case_id)
        return told(went_on, now)

    def _named(self, arguments: Arguments) -> Identifier:
        if "identifier" in arguments:
            kind, value = identifier_of(str(arguments["identifier"]))
            if not kind or not value:
                raise ValueError("an identifier reads like shopify:us#42, hubspot:main#501 or klaviyo#01GDDK")
            return kind, value
        named = self.address_of(str(arguments["address"]))
        if named is None:
            raise ValueError("neither an email address nor an international phone number")
        return named

    def _case(self, arguments: Arguments) -> PrivacyCase:
        case = self.cases.find(str(arguments["request_id"]))
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
    words = str(arguments[name])
    if "@" in words and name != "by":
        raise ValueError(f"{name} stays in the proof: do not write addresses there")
    return words
