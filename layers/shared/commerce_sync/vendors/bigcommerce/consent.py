"""The newsletter's list of one store, left and joined.

To leave is to be deleted. The alternative, a row with empty consents, is read as *subscribed* by whoever knows the list
from before it had consents, and comes back to us as a row that could mean anything. Rows are deleted one by one and by
their id: the API's deletion by a filter deletes the whole list where it does not understand the filter.
"""

from typing import Final

from commerce_sync.errors import RefusedByVendorError
from commerce_sync.vendors.bigcommerce.records import SUBSCRIBERS, record_in
from commerce_sync.vendors.bigcommerce.subscribers import (
    NEWSLETTER,
    BigCommerceSubscribers,
    Subscriber,
    subscriber_in,
)
from commerce_sync.vendors.http import NOT_FOUND
from commerce_sync.vendors.places import numbered

CONFLICT: Final = 409


class BigCommerceConsent(BigCommerceSubscribers):
    """Writes to the list, and reads it. Each write may be repeated: it changes nothing more."""

    def unsubscribe(self, subscriber_id: str) -> bool:
        """Take a row off the list; False where it is gone already."""
        try:
            self._store.call("DELETE", numbered(SUBSCRIBERS, subscriber_id))
        except RefusedByVendorError as refusal:
            if refusal.status != NOT_FOUND:
                raise
            return False
        return True

    def subscribe(self, email: str) -> Subscriber:
        """Put an address on the list. Whether it may be there, the ledger says.

        :raises RefusedByVendorError: the address is there already without the newsletter. It may have left, so its row
            is not overwritten.
        """
        body = {"email": email, "source": "custom", "consents": [NEWSLETTER]}
        try:
            return subscriber_in(record_in(self._store.call("POST", SUBSCRIBERS, body).json, SUBSCRIBERS))
        except RefusedByVendorError as refusal:
            known = self.find(email) if refusal.status == CONFLICT else None
            if known is None or not known.is_subscribed:
                raise
            return known

    def renew(self, subscriber_id: str) -> Subscriber:
        """Give a row its newsletter back, beside what else it consents to.

        :raises RefusedByVendorError: the row is gone.
        """
        path = numbered(SUBSCRIBERS, subscriber_id)
        known = subscriber_in(record_in(self._store.call("GET", path).json, SUBSCRIBERS))
        consents = list(dict.fromkeys((*(known.consents or ()), NEWSLETTER)))
        return subscriber_in(record_in(self._store.call("PUT", path, {"consents": consents}).json, SUBSCRIBERS))
