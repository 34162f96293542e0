"""Messages: texts and mails in which a person may have asked for something. Nobody has read them yet.

What they mean is for the consent rules to say (keywords in all configured languages). They travel as statements that
say nothing by themselves, ahead of everything else: an unread text may be an opt-out.
"""

from commerce_sync.contracts.consent import CUT, ConsentStatement
from commerce_sync.intake.consents import (
    LONGEST_TEXT,
    body_of,
    evidence_of,
    moment_in,
    moment_part,
    own_id,
    received,
    text_in,
)
from commerce_sync.intake.delivery import Delivery, Translation
from commerce_sync.intake.fields import event_id
from commerce_sync.intake.people import address_in
from commerce_sync.intake.rejections import refuse


def texted(delivery: Delivery) -> Translation:
    """A text to one of our numbers.

    :raises RejectedError: nobody knows who sent it, or it has no text.
    """
    body = body_of(delivery)
    address, text = address_in(body.get("from")), body.get("text")
    if not isinstance(text, str):
        raise refuse("missing_field", "text", "a text")
    if address is None:
        raise refuse("address_not_usable", "from", "a phone number")
    at = moment_in(body.get("received_at")) or received(delivery)
    statement = ConsentStatement(
        statement_id=event_id("sms", own_id(delivery, body.get("id")), moment_part(at)),
        channel="sms",
        address=address,
        action="info",
        strength="info",
        occurred_at=at,
        method="keyword",
        regions=(delivery.store.country,),
        evidence=evidence_of(
            **_travelling(text), to=address_in(body.get("to")), provider=address_in(body.get("provider"))
        ),
    )
    return Translation(consent=(statement,))


def written(delivery: Delivery) -> Translation:
    """A mail to the support, or a note of a call.

    :raises RejectedError: nobody knows who wrote it, or it has neither subject nor text.
    """
    body = body_of(delivery)
    address, subject = address_in(body.get("email")), text_in(body.get("subject"), 1000)
    text = _travelling(body.get("text"))
    if not text and subject is None:
        raise refuse("missing_field", "text", "a text")
    if address is None:
        raise refuse("address_not_usable", "email", "an email address")
    at = moment_in(body.get("received_at")) or received(delivery)
    statement = ConsentStatement(
        statement_id=event_id("support", own_id(delivery, body.get("id")), moment_part(at)),
        channel="email",
        address=address,
        action="info",
        strength="info",
        occurred_at=at,
        method="free_text",
        evidence=evidence_of(**text, subject=subject),
    )
    return Translation(consent=(statement,))


def _travelling(value: object) -> dict[str, str]:
    """A text as evidence: a long one without the lines that it marks as quoted, and with a note where it is cut."""
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > LONGEST_TEXT:
        text = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">")).strip() or text
    cut = {CUT: "yes"} if len(text) > LONGEST_TEXT else {}
    return {"text": text[:LONGEST_TEXT], **cut} if text else {}
