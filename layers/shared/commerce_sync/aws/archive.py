"""The archive: one object a verified delivery, encrypted, expiring, so that any day can be replayed."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.contracts import Envelope
from commerce_sync.errors import PermanentError, RetriableError

MOST_DELETED = 1000


class Archive:
    """Envelopes in S3, whole, under the key that intake gave them; and exports for people who asked what is known."""

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

    def file(self, key: str) -> bytes:
        """A file that an operator put there.

        :raises PermanentError: there is none.
        """
        try:
            return bytes(client("s3").get_object(Bucket=self._bucket, Key=key)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchKey":
                raise PermanentError("there is no such file in the archive's bucket") from error
            raise

    def keys(self, prefix: str, *, after: str = "") -> Iterator[str]:
        """Every key below a prefix, in the order of arrival within a store; only those behind ``after``."""
        begins = {"StartAfter": after} if after else {}
        pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix, **begins)
        for page in pages:
            yield from (entry["Key"] for entry in page.get("Contents", []))

    def senders(self, folder: str) -> Iterator[tuple[str, str]]:
        """Who has anything in a folder, by source and store, in the order of keys."""
        for source in self._folders(folder):
            for store in self._folders(f"{folder}{source}/"):
                yield source, store

    def _folders(self, prefix: str) -> Iterator[str]:
        pages = client("s3").get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/"):
            yield from (entry["Prefix"].removeprefix(prefix).rstrip("/") for entry in page.get("CommonPrefixes", []))

    def keep_export(self, key: str, text: str) -> None:
        """Store an export. Storing it again replaces it."""
        client("s3").put_object(
            Bucket=self._bucket, Key=key, Body=text.encode(), ContentType="application/json; charset=utf-8"
        )

    def erase(self, keys: Collection[str]) -> int:
        """Delete objects in all versions, with their delete markers; returns how many versions and markers went.

        :raises RetriableError: S3 deleted only a part. Deleting all again is harmless.
        """
        versions = [
            version for key in keys for page in self._versions(key) for version in page if version["Key"] == key
        ]
        return self._delete(versions)

    def erase_below(self, prefix: str, may_go_on: Callable[[], bool]) -> tuple[int, bool]:
        """Delete everything below a prefix in all versions; returns how many went, and whether all did."""
        gone = 0
        for page in self._versions(prefix):
            gone += self._delete(page)
            if not may_go_on():
                return gone, False
        return gone, True

    def _versions(self, prefix: str) -> Iterator[Sequence[Mapping[str, Any]]]:
        pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            yield [*page.get("Versions", []), *page.get("DeleteMarkers", [])]

    def _delete(self, versions: Sequence[Mapping[str, Any]]) -> int:
        wanted = [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions]
        for start in range(0, len(wanted), MOST_DELETED):
            batch = wanted[start : start + MOST_DELETED]
            answer = client("s3").delete_objects(Bucket=self._bucket, Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                raise RetriableError(f"s3 kept {len(answer['Errors'])} of {len(batch)} versions")
        return len(wanted)
