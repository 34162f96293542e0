"""What makes two records one: an id from what the source itself says of the act."""

from datetime import datetime
from hashlib import sha256


def record_id_of(*parts: str) -> str:
    """SHA-256 (hex) over length-prefixed parts, so that no two lists of parts can run together into one."""
    digest = sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def statement_id_of(*parts: str) -> str:
    """An id for people to read, of parts with colons between. A colon inside a part is escaped."""
    return ":".join(part.replace("%", "%25").replace(":", "%3A") for part in parts)


def moment_part(at: datetime | None) -> str:
    """A moment as a part of an id: milliseconds since 1970, nothing where there is none."""
    return "" if at is None else str(round(at.timestamp() * 1000))
