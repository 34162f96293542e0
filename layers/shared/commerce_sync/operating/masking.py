"""Addresses as an operator may read them over a shoulder: enough to tell two apart, too little to write to."""

from commerce_sync.contracts.consent import Address

HEAD, TAIL = 2, 4
SHORTEST = 9
"""Characters of a number of which both ends may be shown."""


def masked(value: str) -> str:
    """``a***@e***.com`` of an email address, ``+1*****0101`` of a phone number, ``***`` of anything else."""
    if "@" in value:
        local, _, domain = value.rpartition("@")
        name, dot, top = domain.rpartition(".")
        return f"{local[:1]}***@{name[:1] or top[:1]}***{dot}{top if dot else ''}"
    if not value.startswith("+"):
        return "***"
    return f"{value[:HEAD]}*****{value[-TAIL:] if len(value) >= SHORTEST else ''}"


def shown(address: Address | None, *, plainly: bool) -> str | None:
    """An address, masked unless it is asked for plainly; None of somebody who was erased."""
    if address is None:
        return None
    return address[1] if plainly else masked(address[1])
