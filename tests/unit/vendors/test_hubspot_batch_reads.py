"""HubSpot's batch reads: who is not in an answer is gone, but only where it is an answer."""

from typing import Any

import pytest
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.hubspot.beside import HubSpotBeside
from commerce_sync.vendors.hubspot.client import read_results

ANA = {"id": "501", "properties": {}}
GONE = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "no such contact"}


def test_who_is_absent_is_gone() -> None:
    """With an error that says so, or without."""
    assert read_results(Answer(200, {"results": [ANA]})) == [ANA]
    assert read_results(Answer(207, {"results": [ANA], "numErrors": 1, "errors": [GONE]})) == [ANA]


@pytest.mark.parametrize(
    "body", [None, {}, [], {"status": "PENDING"}, {"results": [ANA], "errors": [{"category": "INTERNAL_ERROR"}]}]
)
def test_nobody_is_taken_for_gone_where_hubspot_does_not_say(body: Any) -> None:
    """A look at them would end for good."""
    with pytest.raises(RetriableError):
        read_results(Answer(200, body))


def test_a_contact_whose_deals_cannot_be_read_now_has_not_none() -> None:
    """Else Klaviyo would be told that no deal is open."""

    class Busy:
        def call(self, *_asked: Any) -> Answer:
            """One contact is left out for now."""
            return Answer(207, {"results": [], "errors": [{"category": "INTERNAL_ERROR"}]})

    with pytest.raises(RetriableError):
        HubSpotBeside(Busy()).open_deals(["501"])  # type: ignore[arg-type] # a fake
