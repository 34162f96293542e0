"""The privacy table: one item a request. It never expires, because it is the proof of what was done."""

from collections.abc import Iterator

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.marshalling import to_item
from commerce_sync.contracts.privacy import PrivacyCase
from commerce_sync.errors import RetriableError


class PrivacyRequests:
    """Fits :class:`commerce_sync.privacy.needs.Cases`."""

    def __init__(self, table: str) -> None:
        self._table = table

    def find(self, case_id: str) -> PrivacyCase | None:
        """A request as it now stands."""
        key = {"request_id": {"S": case_id}}
        item = client("dynamodb").get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return PrivacyCase.model_validate_json(item["case"]["S"]) if item else None

    def put(self, case: PrivacyCase) -> PrivacyCase:
        """Write a request over the revision that it was read with; returns it with the next one.

        :raises RetriableError: somebody else wrote it meanwhile. Reading it again and going on is harmless.
        """
        written = case.model_copy(update={"revision": case.revision + 1})
        item = {
            "request_id": written.case_id,
            "revision": written.revision,
            "state": written.state,
            "case": written.model_dump_json(exclude_none=True),
            "schema_version": 1,
        }
        try:
            client("dynamodb").put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(request_id) OR revision = :known",
                ExpressionAttributeValues={":known": {"N": str(case.revision)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise RetriableError("a privacy request changed while it was written") from error
            raise
        return written

    def all(self) -> Iterator[PrivacyCase]:
        """Every request, in no order."""
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=self._table):
            yield from (PrivacyCase.model_validate_json(item["case"]["S"]) for item in page["Items"])
