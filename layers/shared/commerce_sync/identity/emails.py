"""Email addresses as identity keys: trimmed, NFC, lower case, IDNA domain. No folding of dots or plus signs.

IDNA 2008 keeps ``fußball.de`` and ``fussball.de`` apart; Python's own codec makes strangers of them one person.
"""

import re

import idna

from commerce_sync.identity.text import is_placeholder, visible

LOCAL_PART = re.compile(r'^(?:"[^"\\\r\n]+"|[^\s@<>()\[\],;:\\"]+)$')
LABEL = re.compile(r"^(?!-)[a-z0-9-]{1,63}(?<!-)$")
LONGEST = 254  # RFC 5321, 4.5.3.1.3
LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1


def normalize_email(raw: str) -> str | None:
    """The identity key of an email address, or None where the text is not exactly one address.

    Accepts ``mailto:`` and surrounding angle brackets, drops a domain's trailing dot.
    """
    text = visible(raw).lower()
    text = text.removeprefix("mailto:").strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    local, at, domain = text.rpartition("@")
    if is_placeholder(text) or not at or not LOCAL_PART.match(local) or len(local) > LONGEST_LOCAL_PART:
        return None
    if not local.startswith('"') and (local.startswith(".") or local.endswith(".") or ".." in local):
        return None
    ascii_domain = _ascii_domain(domain.rstrip("."))
    if ascii_domain is None or len(local) + 1 + len(ascii_domain) > LONGEST:
        return None
    return f"{local}@{ascii_domain}"


def _ascii_domain(domain: str) -> str | None:
    try:
        text = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return None
    labels = text.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(LABEL.match(label) for label in labels):  # noqa: PLR2004 # name and top level
        return None
    return text
