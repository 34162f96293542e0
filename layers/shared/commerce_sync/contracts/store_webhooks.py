"""A store's webhooks, whatever store it is: what they tell, where they lead, and what is amiss with them."""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class StoreWebhook:
    """One webhook. ``topic`` is in the store's own words.

    ``amiss`` says what keeps it from telling us all that it should: ``disabled``, ``paused``, ``format XML``, ...
    ``version`` is that of the API whose shape its bodies have, where the store says it.
    """

    webhook_id: str
    topic: str
    address: str
    amiss: tuple[str, ...] = ()
    version: str = ""

    def leads_to(self, ours: str) -> bool:
        """Whether it delivers to an address of ours, or to one below it (a topic's)."""
        return f"{plain(self.address)}/".startswith(f"{plain(ours)}/")


def plain(address: str) -> str:
    """An address as it is compared: its host in small letters, no slash at its end, no query; else as it is.

    A store lists others' webhooks too, and what they hold as an address is theirs.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address.strip()
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
