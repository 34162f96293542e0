"""How a worker takes over a row that a dispatcher claimed for it."""

from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from commerce_sync.aws.clients import client
from commerce_sync.aws.promise_items import moment
from commerce_sync.contracts import DueRow


def taken_over(table: str, row: DueRow, claim: str, until: datetime, *counted: str) -> dict[str, Any] | None:
    """The row under the worker's own lease, each of its ``counted`` numbers one more; None where another has it.

    Two deliveries of one message take a row over once: the second finds another claim.
    """
    one_more = ", ".join(f"{name} :one" for name in counted)
    try:
        answer = client("dynamodb").update_item(
            TableName=table,
            Key={"subject": {"S": row.subject}, "row": {"S": row.row}},
            UpdateExpression=f"SET claim = :own, due_at = :until ADD {one_more}",
            ConditionExpression="claim = :claim",
            ExpressionAttributeValues={
                ":own": {"S": claim},
                ":until": {"S": moment(until)},
                ":one": {"N": "1"},
                ":claim": {"S": row.claim},
            },
            ReturnValues="ALL_NEW",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return None
        raise
    taken: dict[str, Any] = answer["Attributes"]
    return taken
