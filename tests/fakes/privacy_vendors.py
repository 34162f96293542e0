"""Vendors that know a person, in memory, with a place to crash before and after each write."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Crash = Callable[[str], None]


@dataclass
class HubSpotInMemory:
    """Contacts by id, with their addresses (several with ``;``). ``errors`` are raised first, one a call.

    ``merged`` says which ids lead to which; ``bin`` are archived ones. ``calls`` counts deletions.
    """

    crash: Crash
    contacts: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    bin: dict[str, str] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)
    errors: list[Exception] = field(default_factory=list)
    calls: int = 0
    keeps: bool = False

    def forget(self, contact_id: str) -> bool:
        """Delete."""
        self.crash("before hubspot forgets")
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return contact_id in self.contacts if self.keeps else self.contacts.pop(contact_id, None) is not None

    def forget_email(self, email: str) -> None:
        """Delete and block."""
        self.blocked.add(email)
        if not self.keeps:
            self.contacts = {one: them for one, them in self.contacts.items() if email not in them.split(";")}
        self.crash("after hubspot forgot")

    def addressed(self, contact_id: str) -> tuple[str, Sequence[str]] | None:
        """Read, after merges."""
        current = self.merged.get(contact_id, contact_id)
        return (current, self.contacts[current].split(";")) if current in self.contacts else None

    def archived(self, contact_ids: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
        """Read the bin."""
        return [(one, self.bin[one].split(";")) for one in contact_ids if one in self.bin]

    def whole(self, contact_id: str) -> Mapping[str, Any] | None:
        """Read."""
        email = self.contacts.get(contact_id)
        return {"id": contact_id, "properties": {"email": email}} if email else None

    def ids_by_email(self, emails: Sequence[str]) -> Mapping[str, str]:
        """Look up."""
        held = {email: one for one, them in self.contacts.items() for email in them.split(";")}
        return {email: held[email] for email in emails if email in held}


@dataclass
class KlaviyoInMemory:
    """Profiles, deleted only after ``lag`` looks."""

    crash: Crash
    profiles: dict[str, dict[str, str]] = field(default_factory=dict)
    deleting: set[str] = field(default_factory=set)
    lag: int = 0
    calls: int = 0
    errors: list[Exception] = field(default_factory=list)

    def find(
        self, *, email: str | None = None, phone: str | None = None, profile_id: str | None = None
    ) -> Sequence[Mapping[str, Any]]:
        """Look up; deletions that were asked for happen meanwhile."""
        if self.deleting and self.lag <= 0:
            self.profiles = {one: them for one, them in self.profiles.items() if one not in self.deleting}
        self.lag -= bool(self.deleting)
        return [{"id": one, "attributes": self.profiles[one]} for one in self._matching(email, phone, profile_id)]

    def forget(self, *, profile_id: str | None = None, email: str | None = None, phone: str | None = None) -> None:
        """Ask."""
        self.crash("before klaviyo is asked")
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        self.deleting |= set(self._matching(email, phone, profile_id))
        self.crash("after klaviyo was asked")

    def _matching(self, email: str | None, phone: str | None, profile_id: str | None) -> list[str]:
        return [
            one
            for one, them in self.profiles.items()
            if one == profile_id
            or (email and them.get("email") == email)
            or (phone and them.get("phone_number") == phone)
        ]
