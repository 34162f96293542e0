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
        told, wanted = urlsplit(self.address.strip()), urlsplit(ours)
        same_host = (told.scheme, told.netloc.lower()) == (wanted.scheme, wanted.netloc.lower())
        return same_host and f"{told.path.rstrip('/')}/".startswith(f"{wanted.path.rstrip('/')}/")
