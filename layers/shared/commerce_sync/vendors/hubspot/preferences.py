"""HubSpot's email subscriptions changed. HubSpot lets anybody be subscribed again: it is no safety net.

Where the plan or the token does not allow it, HubSpot answers 403, which is :class:`NotAllowedError` with the scopes it
named. Then opt-outs cannot be written to HubSpot: they are read from ``hs_email_optout*``, our own contact properties
say what the ledger says, and :meth:`HubSpotPreferences.can_write` tells the operator.
"""

from typing import Any

from commerce_sync.errors import NotAllowedError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.hubspot.statuses import CHANNEL, IN_PARAMS, HubSpotStatuses, results_of, status_path

WITHDRAWAL_BASIS = "LEGITIMATE_INTEREST_OTHER"
WITHDRAWAL_EXPLANATION = "Consent withdrawn, recorded in the consent ledger"
"""Accounts with privacy settings want a legal basis for every change, and an opt-out must not fail for want of one."""
NOBODY = "nobody@example.invalid"


class HubSpotPreferences(HubSpotStatuses):
    """Changes one address at a time, and reads it; repeating a change is harmless."""

    def can_write(self) -> bool:
        """Whether HubSpot would let us change a status, found out without changing one.

        A change that says nothing is invalid where changes are allowed, and forbidden where they are not. That HubSpot
        looks at the scope before the body is unverified.
        """
        try:
            self._hubspot.call("POST", status_path(NOBODY), {})
        except NotAllowedError:
            return False
        except RefusedByVendorError:
            return True
        return True

    def unsubscribe(self, email: str, subscription_id: str) -> str:
        """No more of one kind; returns HubSpot's reason of success (``NO_STATUS_CHANGE`` where it was so before)."""
        return self._change(email, subscription_id, "UNSUBSCRIBED", WITHDRAWAL_BASIS, WITHDRAWAL_EXPLANATION)

    def unsubscribe_all(self, email: str) -> str:
        """No more of any kind; returns HubSpot's reason of success."""
        answer = self._hubspot.call("POST", f"{status_path(email)}/unsubscribe-all", None, IN_PARAMS)
        return _reason(answer.json)

    def subscribe(self, email: str, subscription_id: str, legal_basis: str, explanation: str) -> str:
        """Allow one kind again, also against an opt-out (``RESUBSCRIBE_OCCURRED``): so ask the ledger first.

        It ends an opt-out of every kind as well.
        """
        return self._change(email, subscription_id, "SUBSCRIBED", legal_basis, explanation)

    def _change(self, email: str, subscription_id: str, status: str, basis: str, explanation: str) -> str:
        body = {
            "subscriptionId": int(subscription_id),
            "statusState": status,
            "channel": CHANNEL,
            "legalBasis": basis,
            "legalBasisExplanation": explanation,
        }
        return _reason(self._hubspot.call("POST", status_path(email), body).json)


def _reason(body: Any) -> str:
    results = results_of(body)
    if not results:
        raise RetriableError("hubspot did not say what became of a status")
    return str(results[0].get("setStatusSuccessReason") or "")
