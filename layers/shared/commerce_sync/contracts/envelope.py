"""The inbound queues' contract: one verified webhook delivery, exactly as it arrived.

``webhook_intake`` writes these without pydantic (its cold start pays for every import), so golden
messages hold its plain dictionaries to this model.
"""

from base64 import b64decode
from typing import Literal

from pydantic import AwareDatetime, Field

from commerce_sync.contracts.base import Message


class Envelope(Message):
    """A verified delivery on its way to identity_normalization.

    ``envelope_id`` depends on the source, the store, the topic and the bytes of the body alone, so the
    same body delivered twice is the same envelope. ``body`` is text, or base64 where the bytes are not
    UTF-8; a body that does not fit in a message is left out and stands in the archive at ``archive_key``.
    """

    envelope_id: str = Field(min_length=1)
    source: str = Field(min_length=1)
    store: str = Field(min_length=1)
    topic: str
    delivery_id: str
    received_at: AwareDatetime
    headers: dict[str, str] = {}
    archive_key: str = Field(min_length=1)
    archived: bool = False
    body: str | None = None
    body_encoding: Literal["utf-8", "base64"] = "utf-8"

    def body_bytes(self) -> bytes | None:
        """The raw bytes that were signed, or None where they travel by reference."""
        if self.body is None:
            return None
        return b64decode(self.body) if self.body_encoding == "base64" else self.body.encode()
