"""The archive: one object a verified delivery, encrypted, expiring, so that any day can be replayed."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.contracts import Envelope
from commerce_sync.errors import PermanentError


class Archive:
    """Envelopes in S3, whole, under the key that intake gave them."""

    def __init__(self, bucket: str) -> None:
        self._bucket = bucket

    def keep(self, envelope: Envelope) -> None:
        """Store a delivery. Storing it again writes the same bytes to the same key."""
        body = envelope.to_json().encode()
        client("s3").put_object(Bucket=self._bucket, Key=envelope.archive_key, Body=body)

    def fetch(self, key: str) -> Envelope:
        """Read a delivery back.

        :raises PermanentError: it expired or was erased with its person.
        """
        try:
            answer = client("s3").get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise PermanentError("the archived delivery is gone") from error
            raise
        return Envelope.parse(answer["Body"].read())

    def has(self, key: str) -> bool:
        """Whether a delivery is still there."""
        found = client("s3").list_objects_v2(Bucket=self._bucket, Prefix=key, MaxKeys=1)
        return any(entry["Key"] == key for entry in found.get("Contents", []))

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key below a prefix, in the order of arrival within a store."""
        pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            yield from (entry["Key"] for entry in page.get("Contents", []))
