"""What a person's text says, by the keywords of all languages: the statement that it makes, or none.

Errors lean to suppression. STOP by phone concerns everything; so does a mail that asks to be left alone, as far as mail
goes. START from the handset is a verified opt-in; YES is one only where a confirmation is pending, which the fold sees.
What may be a quote, and may be all that a person has to say, is held at most; a text that was not read whole is, too.
"""

from collections.abc import Iterable
from typing import Final

from commerce_sync.contracts.consent import ALL, CUT, ConsentStatement

REPLIES: Final = ("re:", "aw:", "fw:", "fwd:", "wg:", "sv:", "tr:", "rv:", "res:", "rif:", "r:", "i:", "enc:")
"""How subjects begin that quote another one: ours may say "unsubscribe"."""
KEPT: Final = 2000
"""Characters of a text that stay as evidence."""
ANSWER, START = "yes", "start"


def read_text(statement: ConsentStatement) -> ConsentStatement | None:
    """The statement that an unread text makes; None where it says nothing about consent, or is a question for help."""
    is_text = statement.channel == "sms"
    said = _said_by_text(statement) if is_text else _said_by_mail(statement)
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


def _said_by_text(statement: ConsentStatement) -> str | None:
    said = _said([statement.evidence.get("text", "")], is_text=True)
    return said or ("hold" if CUT in statement.evidence else None)


def _said_by_mail(statement: ConsentStatement) -> str | None:
    """What a mail says in its own words, and in a subject of its own.

    Where it has no words of its own, what it seems to quote, unmarked, and the subject that it answers are held if they
    say anything. So is a mail that was cut before its own words ended.
    """
    from commerce_sync.consent.quoting import LONGEST, parted  # noqa: PLC0415 # only texts pay for the keywords

    text, subject = statement.evidence.get("text", ""), statement.evidence.get("subject", "")
    mail, is_reply = parted(text), subject.strip().lower().startswith(REPLIES)
    said = _said([mail.own, *([] if is_reply else [subject])], is_text=False)
    if said is not None:
        return said
    is_cut = CUT in statement.evidence or len(text) > LONGEST
    if is_cut and not (mail.has_words_of_its_own and mail.doubtful):
        return "hold"
    if mail.has_words_of_its_own:
        return None
    return "hold" if _said([mail.doubtful, *([subject] if is_reply else [])], is_text=False) else None


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
