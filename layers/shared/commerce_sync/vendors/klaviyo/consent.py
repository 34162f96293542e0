"""Klaviyo consent: granted, withdrawn, suppressed, and read back (operations ``bulk_subscribe_profiles``, ...).

Klaviyo answers consent calls with 202 and no job: accepted is not processed, and may be dropped. So whoever writes here
reads back later. One channel a call: a phone number that Klaviyo cannot serve refuses its whole call. Nothing unset is
ever sent, since null clears.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.consent import Channel
from commerce_sync.errors import PermanentError, RetriableError
from commerce_sync.vendors.klaviyo.reading import instant
from commerce_sync.vendors.klaviyo.subscriptions import ADDRESS, KlaviyoSubscriptions
from commerce_sync.vendors.verdicts import Verdict, told

MOST_GRANTS = 1000
LONGEST_AHEAD = 3600.0
MOST_WITHDRAWALS = 100
GRANTS = "profile-subscription-bulk-create-job"
WITHDRAWALS = "profile-subscription-bulk-delete-job"
SUPPRESSIONS = "profile-suppression-bulk-create-job"
RELEASES = "profile-suppression-bulk-delete-job"
Entry = tuple[str, datetime | None]
"""An address and when it consented."""


class KlaviyoConsent(KlaviyoSubscriptions):
    """Consent by address, written and read. Repeating any of these calls changes nothing."""

    def unsubscribe(self, channel: Channel, addresses: Sequence[str]) -> list[Verdict]:
        """Withdraw everywhere. An address that Klaviyo does not know becomes a profile that is unsubscribed."""
        return self._withdraw(channel, addresses, None)

    def unsubscribe_from_list(self, list_id: str, emails: Sequence[str]) -> list[Verdict]:
        """Withdraw from one list only those who are in it; the others are skipped.

        Klaviyo unsubscribes whoever is not in the list everywhere, so membership is read first. Who leaves the list
        between the two calls is unsubscribed everywhere: too much, never too little.
        """
        wanted = list(dict.fromkeys(emails))
        members = self.members(list_id, wanted)
        skipped = [Verdict(email, skipped=True) for email in wanted if email not in members]
        return [*self._withdraw("email", [email for email in wanted if email in members], list_id), *skipped]

    def suppress(self, emails: Sequence[str]) -> list[Verdict]:
        """Keep Klaviyo from writing to email addresses, as a person may by hand; consent stays as it is."""
        return self._suppression(SUPPRESSIONS, emails)

    def unsuppress(self, emails: Sequence[str]) -> list[Verdict]:
        """Lift what :meth:`suppress` or a person by hand did, and no other suppression."""
        return self._suppression(RELEASES, emails)

    def subscribe(
        self, channel: Channel, entries: Sequence[Entry], *, historical: bool, list_id: str | None, source: str
    ) -> list[Verdict]:
        """Grant. It lifts an unsubscribe, a spam complaint and a manual suppression: so ask the ledger first.

        ``historical`` needs each entry's past time, starts no flow and asks for no confirmation. Live grants carry no
        time; where the list or the account is double opt-in, consent stays unset until the person confirms.
        ``source`` is shown as the detail of the method. A time that has not come yet (the sender's clock runs ahead) is
        waited for: a moment, where it is one.
        """
        now = datetime.now(UTC)
        fit: list[Entry] = []
        unfit: list[Entry] = []
        for address, at in dict(entries).items():
            (fit if not historical or (at is not None and at < now) else unfit).append((address, at))

        def send(group: Sequence[Entry]) -> None:
            dated = [(address, at if historical else None) for address, at in group]
            body = grant_job(channel, dated, historical=historical, list_id=list_id, source=source)
            self._http.call("POST", f"/api/{GRANTS}s", body)

        granted = told(fit, lambda entry: entry[0], send, MOST_GRANTS)
        return [*granted, *(_unfit(address, at, now) for address, at in unfit)]

    def _withdraw(self, channel: Channel, addresses: Sequence[str], list_id: str | None) -> list[Verdict]:
        def send(group: Sequence[str]) -> None:
            self._http.call("POST", f"/api/{WITHDRAWALS}s", withdrawal_job(channel, group, list_id=list_id))

        return list(told(list(dict.fromkeys(addresses)), str, send, MOST_WITHDRAWALS))

    def _suppression(self, kind: str, emails: Sequence[str]) -> list[Verdict]:
        def send(group: Sequence[str]) -> None:
            answer = self._http.call("POST", f"/api/{kind}s", suppression_job(kind, group))
            if not ((answer.json or {}).get("data") or {}).get("id"):
                raise RetriableError("klaviyo did not say which job it started")

        return list(told(list(dict.fromkeys(emails)), str, send, MOST_WITHDRAWALS))


def _unfit(address: str, at: datetime | None, now: datetime) -> Verdict:
    if at is None:
        return Verdict(address, refused=PermanentError("a historical consent needs a time in the past"))
    wait = min((at - now).total_seconds() + 1, LONGEST_AHEAD)
    return Verdict(address, retriable=RetriableError("a consent of a time that has not come yet", retry_after=wait))


def grant_job(
    channel: Channel, entries: Sequence[Entry], *, historical: bool, list_id: str | None, source: str
) -> dict[str, Any]:
    """The body of ``bulk_subscribe_profiles``."""
    attributes: dict[str, Any] = {"profiles": {"data": list(_grants(channel, entries))}}
    if source:
        attributes["custom_source"] = source
    if historical:
        attributes["historical_import"] = True
    return _job(GRANTS, attributes, list_id)


def withdrawal_job(channel: Channel, addresses: Sequence[str], *, list_id: str | None = None) -> dict[str, Any]:
    """The body of ``bulk_unsubscribe_profiles``; without a list it withdraws everywhere."""
    withdrawn = {"consent": "UNSUBSCRIBED"}
    profiles = [_profile(channel, address, withdrawn) for address in addresses]
    return _job(WITHDRAWALS, {"profiles": {"data": profiles}}, list_id)


def suppression_job(kind: str, emails: Sequence[str]) -> dict[str, Any]:
    """The body of ``bulk_suppress_profiles`` and of ``bulk_unsuppress_profiles``."""
    profiles = [{"type": "profile", "attributes": {"email": email}} for email in emails]
    return _job(kind, {"profiles": {"data": profiles}}, None)


def _grants(channel: Channel, entries: Iterable[Entry]) -> Iterator[dict[str, Any]]:
    for address, consented_at in entries:
        dated = {"consented_at": instant(consented_at)} if consented_at else {}
        yield _profile(channel, address, {"consent": "SUBSCRIBED", **dated})


def _profile(channel: Channel, address: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    attributes = {ADDRESS[channel]: address, "subscriptions": {channel: {"marketing": dict(parameters)}}}
    return {"type": "profile", "attributes": attributes}


def _job(kind: str, attributes: Mapping[str, Any], list_id: str | None) -> dict[str, Any]:
    related = {"relationships": {"list": {"data": {"type": "list", "id": list_id}}}} if list_id else {}
    return {"data": {"type": kind, "attributes": attributes, **related}}
