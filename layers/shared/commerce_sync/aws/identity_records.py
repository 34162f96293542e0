"""Every record of one store that the identity table knows: for the erasure of a shop, which happens once."""

from collections.abc import Iterator

from commerce_sync.aws.clients import client
from commerce_sync.contracts.identity_book import Identifier, Neighbourhood, identifier_of

NEIGHBOURHOODS = "neighbourhood#"


def records_of(table: str, kind: str) -> Iterator[Identifier]:
    """The records of a kind (``shopify:us``), by reading every neighbourhood."""
    pages = (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression="begins_with(#key, :neighbourhoods)",
            ExpressionAttributeNames={"#key": "key"},
            ExpressionAttributeValues={":neighbourhoods": {"S": NEIGHBOURHOODS}},
            ConsistentRead=True,
        )
    )
    for page in pages:
        for item in page["Items"]:
            members = Neighbourhood.model_validate_json(item["body"]["S"]).members
            yield from (identifier for text in members if (identifier := identifier_of(text))[0] == kind)
