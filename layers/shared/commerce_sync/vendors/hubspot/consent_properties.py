"""Our contact properties that say what the consent ledger says. SMS consent has no other place in HubSpot."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from commerce_sync.contracts.consent import Channel, Standing
from commerce_sync.errors import PausedError, PermanentError, RetriableError
from commerce_sync.vendors.hubspot.client import MOST_INPUTS, TRACE, HubSpot
from commerce_sync.vendors.hubspot.contacts import HubSpotContacts
from commerce_sync.vendors.hubspot.merging import CONTACTS
from commerce_sync.vendors.verdicts import Verdict

STATES: Sequence[Standing] = ("none", "weak", "pending", "in", "out", "hold")
NAMES: Mapping[Channel, str] = {"email": "email", "sms": "SMS"}


def _definitions(channel: Channel) -> Sequence[Mapping[str, Any]]:
    label = f"Sync {NAMES[channel]}"
    options = [
        {"label": state.capitalize(), "value": state, "displayOrder": order, "hidden": False}
        for order, state in enumerate(STATES)
    ]
    moments = {"opt_in_at": "opt-in at", "opt_out_at": "opt-out at"}
    return (
        {
            "name": f"sync_{channel}_consent",
            "label": f"{label} consent",
            "type": "enumeration",
            "fieldType": "select",
            "options": options,
        },
        *(
            {"name": f"sync_{channel}_{name}", "label": f"{label} {text}", "type": "datetime", "fieldType": "date"}
            for name, text in moments.items()
        ),
        {
            "name": f"sync_{channel}_consent_source",
            "label": f"{label} consent source",
            "type": "string",
            "fieldType": "text",
        },
    )


CONSENT_PROPERTIES: Sequence[Mapping[str, Any]] = (*_definitions("email"), *_definitions("sms"))


def consent_properties(
    channel: Channel, state: Standing, *, opt_in_at: datetime | None, opt_out_at: datetime | None, source: str
) -> dict[str, str]:
    """The four properties of a channel, as text; an empty text clears what stood there."""
    return {
        f"sync_{channel}_consent": state,
        f"sync_{channel}_opt_in_at": _text(opt_in_at),
        f"sync_{channel}_opt_out_at": _text(opt_out_at),
        f"sync_{channel}_consent_source": source,
    }


class HubSpotConsentProperties:
    """Writes them, a hundred contacts at a time. Repeating it changes nothing but the modification time."""

    def __init__(self, hubspot: HubSpot) -> None:
        self._hubspot = hubspot
        self._contacts = HubSpotContacts(hubspot)

    def write_by_email(self, values: Mapping[str, Mapping[str, str]]) -> list[Verdict]:
        """Write to the contacts that have these as their primary address; an address that nobody has so is skipped.

        An additional address has its own consent, which the contact's properties cannot say beside the primary's.
        """
        ids = self._contacts.primary_ids(values)
        written = self.write({ids[email]: properties for email, properties in values.items() if email in ids})
        by_id = {verdict.address: verdict for verdict in written}
        return [
            Verdict(email, verdict.refused, verdict.retriable)
            if email in ids and (verdict := by_id[ids[email]])
            else Verdict(email, skipped=True)
            for email in values
        ]

    def write(self, values: Mapping[str, Mapping[str, str]]) -> list[Verdict]:
        """Write properties by contact id; the verdicts name the ids.

        :raises PausedError: the properties do not exist: is HubSpot set up?
        """
        ids = list(values)
        found: list[Verdict] = []
        for start in range(0, len(ids), MOST_INPUTS):
            batch = ids[start : start + MOST_INPUTS]
            inputs = [{"id": one, TRACE: f"consent:{one}", "properties": dict(values[one])} for one in batch]
            errors = self._hubspot.write_batch(f"{CONTACTS}/batch/update", inputs).errors
            found += [_verdict(one, errors.get(f"consent:{one}")) for one in batch]
        return found


def _verdict(contact_id: str, error: PermanentError | RetriableError | None) -> Verdict:
    if isinstance(error, PausedError):
        raise error
    if isinstance(error, RetriableError):
        return Verdict(contact_id, retriable=error)
    return Verdict(contact_id, refused=error)


def _text(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
