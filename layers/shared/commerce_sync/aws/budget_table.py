"""Budgets in DynamoDB: one small item for each account or endpoint, with a revision.

Its client gives up soon: a call to a vendor, above all one that takes consent back, must not wait for its budget.
"""

from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from commerce_sync.aws.clients import client, hasty_client
from commerce_sync.errors import RetriableError


class BudgetTable:
    """States by name, as text. Fits ``Rows`` of the budgets slice."""

    def __init__(self, table: str) -> None:
        self._table = table

    def read(self, name: str) -> tuple[str, int]:
        """A state's text and its revision, strongly consistent; ``("", 0)`` where there is none.

        :raises RetriableError: DynamoDB did not answer in time.
        """
        try:
            answer = hasty_client("dynamodb").get_item(
                TableName=self._table, Key={"name": {"S": name}}, ConsistentRead=True
            )
        except (BotoCoreError, ClientError) as error:
            raise _unanswered(error) from error
        item = answer.get("Item")
        return (item["body"]["S"], int(item["revision"]["N"])) if item else ("", 0)

    def write(self, name: str, text: str, revision: int) -> bool:
        """Write over the revision that was read. False where somebody else was faster.

        :raises RetriableError: DynamoDB did not answer in time; it may have written.
        """
        item = {"name": name, "body": text}
        numbers = {"revision": revision + 1, "schema_version": 1}
        try:
            hasty_client("dynamodb").put_item(
                TableName=self._table,
                Item={key: {"S": value} for key, value in item.items()}
                | {key: {"N": str(value)} for key, value in numbers.items()},
                ConditionExpression="attribute_not_exists(#name) OR revision = :read",
                ExpressionAttributeNames={"#name": "name"},
                ExpressionAttributeValues={":read": {"N": str(revision)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise _unanswered(error) from error
        except BotoCoreError as error:
            raise _unanswered(error) from error
        return True

    def all(self) -> Iterator[tuple[str, str]]:
        """Every name with its state's text. The table is small: it is read whole."""
        for page in client("dynamodb").get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            for item in page["Items"]:
                yield item["name"]["S"], item["body"]["S"]


def _unanswered(error: Exception) -> RetriableError:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    return RetriableError(f"the budget table did not answer ({code})")
