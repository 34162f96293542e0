"""What stands beside a contact in the CRM, as far as fields are made of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """To whom contacts are assigned: a person, or a queue, which has no email address."""

    name: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket of a contact's, with the internal value of its category."""

    is_open: bool
    category: str = ""
