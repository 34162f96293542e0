"""What people were told when they opted in: the notice of a form that was valid on the day."""

from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy, Notice


def known_notice(statement: ConsentStatement, policy: ConsentPolicy) -> Notice | None:
    """The notice of the statement's form and day; None where none is known, or the text that was shown is another.

    Of several, in several languages, the one of the statement's language; else the newest.
    """
    if statement.form is None or statement.occurred_at is None:
        return None
    day, shown = statement.occurred_at.date(), statement.notice_sha256
    valid = [
        one
        for one in policy.notices
        if one.form == statement.form
        and one.valid_from <= day
        and (one.valid_until is None or day <= one.valid_until)
        and (shown is None or shown.lower() == one.sha256)
    ]
    language = statement.evidence.get("language")
    return max(valid, key=lambda one: (one.language == language, one.valid_from, one.id), default=None)
