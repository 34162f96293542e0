"""Whom a profile id means. Nothing else is looked for by it, so there is no index: the identity table is read through.

That costs what the table weighs (about a cent a million identifiers, a minute or two), for an operator who has nothing
else of a person.
"""

import re
from collections.abc import Iterator
from typing import Final

from commerce_sync.aws.clients import client
from commerce_sync.contracts.identity_book import Identifier, Neighbourhood, identifier_of

PROFILE_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class ProfileSearch:
    """Reads the identity table, eventually consistent."""

    def __init__(self, table: str) -> None:
        self._table = table

    def identifiers(self, profile_id: str) -> list[Identifier]:
        """What the profile holds, or held when it last became another one; empty where nobody has that id."""
        wanted = profile_id.lower()
        known = list(self._mentioning(wanted))
        held = [identifier_of(text) for one in known for text, its in one.members.items() if its == wanted]
        return held or [one for near in known for one in _once_held(near, wanted)]

    def _mentioning(self, profile_id: str) -> Iterator[Neighbourhood]:
        pages = (
            client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self._table,
                FilterExpression="contains(body, :id)",
                ExpressionAttributeValues={":id": {"S": profile_id}},
            )
        )
        for page in pages:
            yield from (Neighbourhood.model_validate_json(item["body"]["S"]) for item in page["Items"])


def _once_held(neighbourhood: Neighbourhood, profile_id: str) -> tuple[Identifier, ...]:
    sides = [side for change in neighbourhood.history for side in change.before if side.profile_id == profile_id]
    return sides[-1].identifiers if sides else ()
