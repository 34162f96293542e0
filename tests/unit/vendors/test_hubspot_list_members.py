"""Who is on a HubSpot list: an answer in another form than the one that is known ends that reading, and no other."""

from typing import Any, cast

import pytest
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.http import Answer
from commerce_sync.vendors.hubspot.client import HubSpot
from commerce_sync.vendors.hubspot.lists import HubSpotLists


class Answering:
    """HubSpot with one answer."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def call(self, *_: Any) -> Answer:
        """Whatever is asked."""
        return Answer(200, self.body)


@pytest.mark.parametrize("odd", [{"id": "1"}, {"recordId": None}, {"recordId": "x"}, "1", None])
def test_a_member_in_another_form_is_no_member(odd: Any) -> None:
    """Nobody has tried this endpoint: ids are whole numbers, as texts or not."""
    told = HubSpotLists(cast("HubSpot", Answering({"results": [{"recordId": 7}, {"recordId": "8"}]})))
    assert told.members("41", None) == (["7", "8"], None)
    with pytest.raises(RetriableError, match="without members"):
        HubSpotLists(cast("HubSpot", Answering({"results": [{"recordId": "7"}, odd]}))).members("41", None)
