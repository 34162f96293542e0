"""Checkpoints in a bucket that lets nobody delete them, and the key that signs them."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.audits import get_object
from commerce_sync.aws.clients import client
from commerce_sync.aws.control import Control
from commerce_sync.contracts.consent_ledger import Sealed

PREFIX = "checkpoints/"
DOCUMENT = "checkpoints"
ALGORITHM = "ECDSA_SHA_256"
TOGETHER = 8
"""Objects that are read at once."""
TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class CheckpointStore:
    """One object a checkpoint, by its number. How far they go stands in the control table."""

    def __init__(self, bucket: str, control: Control) -> None:
        self._bucket = bucket
        self._control = control

    def last(self) -> Sealed:
        """How far the count went."""
        document, _ = self._control.read(DOCUMENT)
        return Sealed(document.get("last", 0), document.get("digest", ""), document.get("total", 0))

    def advance(self, sealed: Sealed) -> None:
        """Move the count on; never back."""
        new = {"last": sealed.number, "digest": sealed.digest, "total": sealed.total}
        self._control.change(DOCUMENT, lambda known: known if known.get("last", 0) >= sealed.number else new)

    def read(self, number: int) -> bytes | None:
        """A checkpoint as it was kept; None where there is none."""
        return get_object(self._bucket, _key(number))

    def keep(self, number: int, data: bytes) -> bool:
        """Keep one under the bucket's lock. False where that number is taken."""
        try:
            client("s3").put_object(
                Bucket=self._bucket,
                Key=_key(number),
                Body=data,
                ContentType="application/json",
                ChecksumAlgorithm="SHA256",
                IfNoneMatch="*",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in TAKEN:
                return False
            raise
        return True

    def backwards(self) -> Iterator[tuple[int, bytes | None]]:
        """Every checkpoint by its number, from the last to the first: None for one that is gone.

        The last is that of the count, or beyond: a crash may have kept the count from moving on.
        """
        last = self.last().number
        while self.read(last + 1) is not None:
            last += 1
        with ThreadPoolExecutor(TOGETHER) as pool:
            for end in range(last, 0, -TOGETHER):
                numbers = range(end, max(end - TOGETHER, 0), -1)
                yield from zip(numbers, pool.map(self.read, numbers), strict=True)


class KmsNotary:
    """Signs digests with a key that never leaves KMS."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id

    def sign(self, digest: bytes) -> str:
        """The signature of a SHA-256 digest, in base64."""
        answer = client("kms").sign(**self._about(digest))
        return b64encode(answer["Signature"]).decode()

    def verify(self, digest: bytes, signature: str) -> bool:
        """Whether the signature is this key's own."""
        try:
            answer = client("kms").verify(**self._about(digest), Signature=b64decode(signature, validate=True))
        except ValueError:
            return False
        except ClientError as error:
            if error.response["Error"]["Code"] == "KMSInvalidSignatureException":
                return False
            raise
        return bool(answer["SignatureValid"])

    def _about(self, digest: bytes) -> dict[str, Any]:
        return {
            "KeyId": self._key_id,
            "Message": digest,
            "MessageType": "DIGEST",
            "SigningAlgorithm": ALGORITHM,
        }


def _key(number: int) -> str:
    return f"{PREFIX}{number}.json"
