"""Invented people. Their domains are example.com, their US numbers 555-01xx: nobody real can be reached."""

from dataclasses import dataclass

FIRST_NAMES = (
    *("Ada", "Ben", "Cleo", "Dana", "Eli", "Fay", "Gus", "Hana", "Ivo", "June"),
    *("Kai", "Lena", "Max", "Nora", "Otis", "Pia", "Quinn", "Rosa", "Sam", "Tess"),
)
LAST_NAMES = ("Archer", "Bloom", "Castor", "Dorn", "Ember", "Frost", "Glade", "Hollis", "Irwin", "Juno")


@dataclass(frozen=True)
class Someone:
    """One invented person, a customer of one store."""

    number: int
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    country: str

    @property
    def customer_id(self) -> int:
        """The store's id for this customer, beyond 2^53 as Shopify's are."""
        return 7_000_000_000_000_000_000 + self.number


def invent(number: int, country: str) -> Someone:
    """The same person for the same number. Elsewhere than in America the phone says that it is American.

    Without its country code it would be read as a number of that country, where it may be somebody's.
    """
    first = FIRST_NAMES[number % len(FIRST_NAMES)]
    last = LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    email = f"{first}.{last}.{number}@example.com"
    phone = f"(555) 555-01{number % 100:02d}"
    return Someone(number, first, last, email, phone if country == "US" else f"+1 {phone}", country)
