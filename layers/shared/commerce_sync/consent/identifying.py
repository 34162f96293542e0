"""What makes two records one: an id from what the source itself says of the act."""

from hashlib import sha256


def record_id_of(*parts: str) -> str:
    """SHA-256 (hex) over length-prefixed parts, so that no two lists of parts can run together into one."""
    digest = sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
