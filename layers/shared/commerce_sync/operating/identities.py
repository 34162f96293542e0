"""``explain``, ``merge``, ``unmerge``, ``separate``, ``share``: who somebody is, and an operator's word about it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from commerce_sync.contracts.identity_book import Change, Identifier, identifier_of, text_of

Arguments = Mapping[str, Any]
LONGEST_WORDS = 200
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

    def share(self, identifier: Identifier, by: str, why: str) -> Change | None:
        """It is nobody's own."""


class Knowing(Protocol):
    """What is known of people."""

    def described(self, identifiers: Sequence[Identifier]) -> Mapping[str, Any]:
        """Profiles with their identifiers, links, conflicts and history."""

    def erased(self, identifiers: Sequence[Identifier]) -> Mapping[Identifier, datetime]:
        """Who asked to be forgotten, and since when."""


@dataclass(frozen=True)
class IdentityCommands:
    """The commands, over what they need. ``address_of`` makes an identifier of an email address or a phone number.

    ``look_again`` is told of every change: what was told of one person may be another's now.
    """

    deciding: Deciding
    knowing: Knowing
    traces: Callable[[Sequence[Identifier]], Iterable[str]]
    told: Callable[[Change], Mapping[str, Any]]
    address_of: Callable[[str], Identifier | None]
    look_again: Callable[[Change], None]

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
        identifiers = [self._named(text) for text in _texts(arguments, "identifiers")]
        self._require_known(identifiers)
        return self._said(self.deciding.merge(identifiers, *_words(arguments)))

    def unmerge(self, arguments: Arguments) -> dict[str, Any]:
        """Undo the change with this ``change_id`` in the history of ``address`` or ``identifier``."""
        of, change_id = self.identifier(arguments), str(arguments["change_id"])
        return self._said(self.deciding.unmerge(change_id, of, *_words(arguments)))

    def separate(self, arguments: Arguments) -> dict[str, Any]:
        """Say that ``groups`` of identifiers are different people, whatever was or will be seen of them."""
        told = arguments["groups"]
        if not isinstance(told, list) or len(told) < 2 or not all(told):  # noqa: PLR2004 # one is nobody else
            raise ValueError("groups is a list of two lists of identifiers or more")
        groups = [[self._named(text) for text in _texts({"group": group}, "group")] for group in told]
        everyone = [one for group in groups for one in group]
        if len(set(everyone)) < len(everyone):
            raise ValueError("an identifier stands in two groups, or twice")
        self._require_known(everyone)
        return self._said(self.deciding.separate(groups, *_words(arguments)))

    def share(self, arguments: Arguments) -> dict[str, Any]:
        """Say that ``address`` or ``identifier`` is nobody's own (a counter's phone): it joins nobody, for good."""
        identifier = self.identifier(arguments)
        if identifier not in self.deciding.profiles_of([identifier]):
            raise ValueError("nobody knows that identifier")
        return self._said(self.deciding.share(identifier, *_words(arguments)))

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
        if change:
            self.look_again(change)
        return {"changed": change is not None, "change": self.told(change) if change else None}


def _texts(arguments: Arguments, name: str) -> list[str]:
    told = arguments[name]
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise ValueError(f"{name} is a list of texts")
    return told


def _words(arguments: Arguments) -> tuple[str, str]:
    """By whom and why: short, and without addresses, because the history outlives an erasure."""
    by, why = arguments["by"], arguments["why"]
    if not all(isinstance(word, str) and word.strip() and len(word) <= LONGEST_WORDS for word in (by, why)):
        raise ValueError(f"by and why are texts of at most {LONGEST_WORDS} characters")
    if "@" in why:
        raise ValueError("why stays in the history: do not write addresses there")
    return f"operator:{by}", why
