"""Errors as WordPress's REST API writes them: a code, words, and the status again in ``data``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass
class WooCommerceError(Exception):
    """A refusal. ``params`` are messages by the parameter that is to blame."""

    status: int
    code: str
    message: str
    params: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """As it is answered, and as it is sent in place of a record that a webhook's owner may not read."""
        blamed = {"params": dict(self.params)} if self.params else {}
        return {"code": self.code, "message": self.message, "data": {"status": self.status, **blamed}}


def not_allowed() -> WooCommerceError:
    """No key, a wrong one, or one that may not read this."""
    return WooCommerceError(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")


def invalid(**params: str) -> WooCommerceError:
    """What was asked does not fit; every parameter is named."""
    return WooCommerceError(400, "rest_invalid_param", f"Invalid parameter(s): {', '.join(sorted(params))}", params)


def no_such(kind: str) -> WooCommerceError:
    """Nothing by that id."""
    return WooCommerceError(404, f"woocommerce_rest_{kind}_invalid_id", "Invalid ID.")
