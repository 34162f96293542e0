"""A store's signing secrets, out of the one secret that holds them all."""

from typing import Any

from commerce_sync.webhooks.refusals import UnverifiedError


def secrets_of(signing: Any, source: str, store: str) -> list[str]:
    """The current and the previous secret; none where none is configured.

    :raises UnverifiedError: ``secrets_misconfigured``: not ``{source: {store: [text, ...]}}``. A bare text, for one,
        would be read as many one-letter secrets.
    """
    stores = signing.get(source, {}) if isinstance(signing, dict) else None
    secrets = stores.get(store, []) if isinstance(stores, dict) else None
    if not isinstance(secrets, list) or not all(isinstance(secret, str) for secret in secrets):
        raise UnverifiedError("secrets_misconfigured")
    return secrets
