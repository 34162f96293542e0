"""``explain``, ``merge``, ``unmerge`` and ``separate``: who somebody is, and an operator's word about it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts.identity_book import Change, Identifier, identifier_of, text_of

Arguments = Mapping[str, Any]
ADDRESSES = frozenset({"email", "phone"})
WITH_KIND = re.compile(r"(?:(?:email|phone)(?:@[a-z]+:[a-z0-9-]+)?|klaviyo|[a-z]+:[a-z0-9-]+)#.")


class Deciding(Protocol):
    """Where an operator's word is written. Each returns the history entry that it made, if anybody changed."""

    def profiles_of(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, str]:
        """The profile ids of those that have one."""

    def merge(self, identifiers: Sequence[Identifier], by: str, why: str) -> Change | None:
        """They are one person."""

    def separate(self, groups: Sequence[Sequence[Identifier]], by: str, why: str) -> Change | None:
        """The groups are different people."""

    def unmerge(self, change_id: str, of: Identifier, by: str, why: str) -> Change | None:
        """The sides of a change are different people."""


class Knowing(Protocol):
    """What is known of people."""

    def described(self, identifiers: Sequence[Identifier]) -> Mapping[str, Any]:
        """Profiles with their identifiers, links, conflicts and history."""

    def erased(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, datetime]:
        """Who asked to be forgotten, and since when."""


@dataclass(frozen=True)
class IdentityCommands:
    """The commands, over what they need. ``address_of`` makes an identifier of an email address or a phone number."""

    deciding: Deciding
    knowing: Knowing
    traces: Callable[[Sequence[Identifier]], Iterable[str]]
    told: Callable[[Change], Mapping[str, Any]]
    address_of: Callable[[str], Identifier | None]

    def explain(self, arguments: Arguments) -> dict[str, Any]:
        """Whose an ``address`` (or ``identifier``: ``shopify:us#42``) is, who said so, what keeps others apart."""
        identifier = self.identifier(arguments)
        found = self.knowing.described([identifier])
        own = [identifier_of(text) for profile in found["profiles"] for text in profile["identifiers"]]
        traces = list(self.traces(own or [identifier]))
        erased = self.knowing.erased([identifier])
        return {
            "identifier": text_of(identifier),
            **found,
            "erased_at": erased[identifier].isoformat() if identifier in erased else None,
            "orders": [rest for kind, _, rest in (trace.partition("#") for trace in traces) if kind == "order"],
            "deliveries": sum(trace.startswith("archive#") for trace in traces),
        }

    def merge(self, arguments: Arguments) -> dict[str, Any]:
        """Join the people behind ``identifiers`` (two or more): ``by`` whom and ``why`` stand in the history."""
        identifiers = [self._named(text) for text in arguments["identifiers"]]
        self._require_known(identifiers)
        return self._said(self.deciding.merge(identifiers, arguments["by"], arguments["why"]))

    def unmerge(self, arguments: Arguments) -> dict[str, Any]:
        """Undo the change with this ``change_id`` in the history of ``address`` or ``identifier``."""
        of = self.identifier(arguments)
        return self._said(self.deciding.unmerge(arguments["change_id"], of, arguments["by"], arguments["why"]))

    def separate(self, arguments: Arguments) -> dict[str, Any]:
        """Say that ``groups`` of identifiers are different people, whatever was or will be seen of them."""
        groups = [[self._named(text) for text in group] for group in arguments["groups"]]
        self._require_known([one for group in groups for one in group])
        return self._said(self.deciding.separate(groups, arguments["by"], arguments["why"]))

    def identifier(self, arguments: Arguments) -> Identifier:
        """The identifier that a command is about.

        :raises ValueError: it is none; the message does not repeat it.
        """
        return self._named(str(arguments.get("identifier") or arguments["address"]))

    def _named(self, text: str) -> Identifier:
        if WITH_KIND.match(text):
            kind, value = identifier_of(text)
            if kind not in ADDRESSES:
                return kind, value
            text = value
        if address := self.address_of(text):
            return address
        raise ValueError("neither an email address, nor a phone number with its +, nor kind#value (shopify:us#42)")

    def _require_known(self, identifiers: Sequence[Identifier]) -> None:
        unknown = len(set(identifiers) - self.deciding.profiles_of(identifiers).keys())
        if unknown or len(set(identifiers)) < 2:  # noqa: PLR2004 # one is nobody else
            raise ValueError(f"two identifiers or more that are known; {unknown} of these are not")

    def _said(self, change: Change | None) -> dict[str, Any]:
        return {"changed": change is not None, "change": self.told(change) if change else None}
