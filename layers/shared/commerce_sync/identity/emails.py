"""Email addresses as identity keys: trimmed, NFC, lower case, IDNA domain. No folding of dots or plus signs.

IDNA 2008 keeps ``fußball.de`` and ``fussball.de`` apart; Python's own codec makes strangers of them one person.
"""

import re
import unicodedata
from urllib.parse import unquote

import idna

from commerce_sync.identity.text import JOINERS, visible, words

LONGEST = 254
"""Octets of an address (RFC 5321, 4.5.3.1.3)."""
LONGEST_LOCAL_PART = 64
"""Octets before the at (RFC 5321, 4.5.3.1.1)."""
LONGEST_FIELD = 1000
"""Characters of a field that is looked at: an address, its display name and what stands around them."""
MAILTO = "mailto:"
WRAPPERS = ("<>", '""', "''", "()", "[]", "{}", "``", "“”", "„“", "‘’", "«»")  # noqa: RUF001 # typographic quotes
DISPLAYED = re.compile(r"[^<>@]*<([^<>]+)>")
DOT_ATOM = re.compile(r'[^\s@<>()\[\],;:\\".]+(?:\.[^\s@<>()\[\],;:\\".]+)*')
QUOTED = re.compile(r'"((?:[^"\\]|\\.)+)"')
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
TOP_LEVEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
FULL_STOPS = {0x3002: ".", 0xFF61: "."}
UNREADABLE = "\ufffd"


def normalize_email(raw: str) -> str | None:
    """The identity key of an email address, or None where the text does not name exactly one. Never raises.

    Accepts ``mailto:`` links, display names, surrounding brackets and quotes, and one address written twice. Two
    different addresses, a comment, an IP address and a placeholder (``words.toml``) are no identifier.
    """
    if len(raw) > LONGEST_FIELD:
        return None
    text = visible(raw, keep=JOINERS)
    found = _address(_unwrapped(text))
    if found is None and text.count("@") > 1:
        addresses = {_address(_unwrapped(part)) for part in re.split(r"[,;\s]+", text) if "@" in part}
        found = addresses.pop() if len(addresses) == 1 else None
    return found


def _unwrapped(text: str) -> str:
    before = None
    while text != before:
        before = text
        text = text.rstrip(",;").strip()
        if text[: len(MAILTO)].lower() == MAILTO:
            text = visible(unquote(text[len(MAILTO) :].partition("?")[0]), keep=JOINERS)
        elif len(text) > 1 and text[0] + text[-1] in WRAPPERS:
            text = text[1:-1].strip()
        elif match := DISPLAYED.fullmatch(text):
            text = match[1].strip()
    return text


def _address(text: str) -> str | None:
    raw_local, _, raw_domain = text.rpartition("@")
    local, domain = _local_part(raw_local), _domain(raw_domain)
    if local is None or domain is None or len(local.encode()) + 1 + len(domain) > LONGEST:
        return None
    return None if _is_placeholder(local, domain) else f"{local}@{domain}"


def _local_part(raw: str) -> str | None:
    """Lower case NFC; quotes only where it needs them (RFC 5321, 4.1.2: with and without is one mailbox)."""
    text = unicodedata.normalize("NFC", visible(raw).lower()) if raw.strip() == raw else ""
    if not text.isprintable() or UNREADABLE in text:
        return None
    if match := QUOTED.fullmatch(text):
        content = re.sub(r"\\(.)", r"\1", match[1])
        text = content if DOT_ATOM.fullmatch(content) else '"' + re.sub(r'(["\\])', r"\\\1", content) + '"'
    elif not DOT_ATOM.fullmatch(text):
        return None
    return text if len(text.encode()) <= LONGEST_LOCAL_PART else None


def _domain(raw: str) -> str | None:
    """The domain in ASCII, or None. A joiner stays where IDNA 2008 allows it, and is dirt where it does not."""
    text = raw.translate(FULL_STOPS).rstrip(".").lower()
    found = _ascii(text) or (_ascii(visible(text)) if not text.isascii() else None)
    labels = found.split(".") if found else []
    if len(labels) < 2 or not TOP_LEVEL.fullmatch(labels[-1]) or not all(map(LABEL.fullmatch, labels)):  # noqa: PLR2004 # name and top level
        return None
    return found


def _ascii(domain: str) -> str | None:
    if domain.isascii() and "xn--" not in domain:
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return None


def _is_placeholder(local: str, domain: str) -> bool:
    known = words("email")
    return (
        local in known["local_parts"]
        or (local in known["repeated"] and domain.partition(".")[0] == local)
        or f"{local}@{domain}" in known["addresses"]
        or domain.rpartition(".")[2] in known["top_levels"]
    )
