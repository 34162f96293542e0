"""The owners: people and a queue. An owner's id is not their user id."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Owner:
    """A person or a queue to whom records are assigned."""

    id: str
    user_id: int | None
    email: str | None
    first_name: str
    archived: bool = False

    def payload(self) -> dict[str, Any]:
        """As the owners API shows it; a queue has no email and no user."""
        shown: dict[str, Any] = {
            "id": self.id,
            "firstName": self.first_name,
            "lastName": "Sample",
            "type": "PERSON" if self.user_id else "QUEUE",
            "archived": self.archived,
            "teams": [],
            "createdAt": "2026-01-01T00:00:00Z",
            "updatedAt": "2026-01-01T00:00:00Z",
        }
        if self.user_id:
            user = {} if self.archived else {"userId": self.user_id}
            shown |= {"email": self.email, "userIdIncludingInactive": self.user_id, **user}
        return shown


def default_owners() -> list[Owner]:
    """One at work, one who left, one queue."""
    return [
        Owner("71001", 12, "mia@brand.example", "Mia"),
        Owner("71002", 13, "leo@brand.example", "Leo", archived=True),
        Owner("71003", None, None, "Support queue"),
    ]
