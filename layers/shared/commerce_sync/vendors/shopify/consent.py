"""Marketing consent of a store's customers, written by Shopify's GraphQL Admin API.

Shopify shows the state with the newest time of consent: a write that is older than what stands there is taken and
changes nothing that is shown. So every write says its time, and what is shown is read back from the answer.

Checked on shopify.dev: both mutations, their inputs, states that may be set and error codes (2026-01 to 2026-10).
That a grant must name its opt-in level, and that no time may lie in the future, was seen in use only.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from commerce_sync.contracts.consent import Channel
from commerce_sync.errors import RetriableError
from commerce_sync.vendors.shopify.client import refuse_user_errors
from commerce_sync.vendors.shopify.customers import CustomerConsent, ShopifyCustomers, customer_of, instant
from commerce_sync.vendors.shopify.documents import CUSTOMER

OptInLevel = Literal["SINGLE_OPT_IN", "CONFIRMED_OPT_IN", "UNKNOWN"]
EMAIL_CONSENT = f"""
mutation EmailConsent($input: CustomerEmailMarketingConsentUpdateInput!) {{
  customerEmailMarketingConsentUpdate(input: $input) {{
    customer {{ ...Consents }}
    userErrors {{ code field message }}
  }}
}}
{CUSTOMER}"""
SMS_CONSENT = f"""
mutation SmsConsent($input: CustomerSmsMarketingConsentUpdateInput!) {{
  customerSmsMarketingConsentUpdate(input: $input) {{
    customer {{ ...Consents }}
    userErrors {{ code field message }}
  }}
}}
{CUSTOMER}"""


class ShopifyConsent(ShopifyCustomers):
    """Writes consent to the customers of one store, and reads them. Times are sent to the second."""

    def unsubscribe(self, customer_id: str, channel: Channel, at: datetime) -> CustomerConsent:
        """Withdraw as of a time; returns what Shopify shows now. It shows the newer of two times."""
        return self._write(customer_id, channel, {"marketingState": "UNSUBSCRIBED"}, at)

    def subscribe(self, customer_id: str, channel: Channel, at: datetime, level: OptInLevel) -> CustomerConsent:
        """Grant as of a time; returns what Shopify shows now. It lifts an older withdrawal: so ask the ledger first."""
        return self._write(customer_id, channel, {"marketingState": "SUBSCRIBED", "marketingOptInLevel": level}, at)

    def _write(self, customer_id: str, channel: Channel, state: Mapping[str, str], at: datetime) -> CustomerConsent:
        is_email = channel == "email"
        consent = {**state, "consentUpdatedAt": instant(at)}
        given = {"customerId": customer_id, "emailMarketingConsent" if is_email else "smsMarketingConsent": consent}
        data = self._shopify.ask(EMAIL_CONSENT if is_email else SMS_CONSENT, {"input": given})
        mutation = f"customer{'Email' if is_email else 'Sms'}MarketingConsentUpdate"
        customer = refuse_user_errors(data.get(mutation)).get("customer")
        if not customer:
            raise RetriableError("shopify did not say what became of a consent")
        return customer_of(customer)
