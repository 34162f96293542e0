"""What a person's text says, by the keywords of all languages: the statement that it makes, or none.

Errors lean to suppression. STOP by phone concerns everything; so does a mail that asks to be left alone, as far as mail
goes. START from the handset is a verified opt-in; YES is one only where a confirmation is pending, which the fold sees.
"""

from collections.abc import Iterable
from typing import Final

from commerce_sync.contracts.consent import ALL, ConsentStatement

REPLIES: Final = ("re:", "aw:", "fw:", "fwd:", "wg:", "sv:", "tr:", "rv:", "res:", "rif:", "r:", "i:", "enc:")
"""How subjects begin that quote another one: ours may say "unsubscribe"."""
KEPT: Final = 2000
"""Characters of a text that stay as evidence."""
ANSWER, START = "yes", "start"


def read_text(statement: ConsentStatement) -> ConsentStatement | None:
    """The statement that an unread text makes; None where it says nothing about consent, or is a question for help."""
    is_text = statement.channel == "sms"
    own = list(_own_words(statement))
    said = _said(own, is_text=is_text)
    if said is None:
        return None
    evidence = {**statement.evidence, "keyword_class": said}
    if "text" in evidence:
        evidence["text"] = evidence["text"][:KEPT]
    changes: dict[str, object] = {"evidence": evidence}
    if said == "out":
        changes |= {"action": "withdraw", "strength": "hard_out" if is_text else "pref_out", "purpose": ALL}
    elif said == "hold":
        changes |= {"action": "hold", "strength": "info", "purpose": ALL}
    else:
        changes |= {"action": "grant", "strength": "verified_in", "method": "keyword"}
    return statement.model_copy(update=changes)


def _own_words(statement: ConsentStatement) -> Iterable[str]:
    """The texts that are the person's own: a whole SMS; of a mail what it does not quote, and a subject of its own."""
    from commerce_sync.consent.quoting import without_quotes  # noqa: PLC0415 # only texts pay for the keywords

    text, subject = statement.evidence.get("text", ""), statement.evidence.get("subject", "")
    if statement.channel == "sms":
        return (text,)
    is_reply = subject.strip().lower().startswith(REPLIES)
    return (without_quotes(text), *([] if is_reply else [subject]))


def _said(texts: Iterable[str], *, is_text: bool) -> str | None:
    """The strongest of what the texts say. Only a handset opts in by a word."""
    from commerce_sync.consent.keywords import classify, is_answer  # noqa: PLC0415 # only texts pay for the keywords

    texts = [text for text in texts if text.strip()]
    classes = {classify(text) for text in texts}
    if "out" in classes:
        return "out"
    if "hold" in classes:
        return "hold"
    if "in" in classes and is_text:
        return ANSWER if any(map(is_answer, texts)) else START
    return None
