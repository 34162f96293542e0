"""Operations ``bulk_subscribe_profiles`` and ``bulk_unsubscribe_profiles``: checked whole, accepted with 202."""

from functools import partial

from flask import Response
from flask.typing import ResponseReturnValue

from local.sandboxes.klaviyo import consent
from local.sandboxes.klaviyo.rates import L
from local.sandboxes.klaviyo.routes import Route
from local.sandboxes.klaviyo.state import KlaviyoState
from local.sandboxes.klaviyo.wishes import GRANT, WITHDRAW, Wishes


class Subscriptions:
    """Consent by API."""

    def __init__(self, state: KlaviyoState) -> None:
        self._state = state
        self._wishes = Wishes(state)
        state.control("confirm_opt_ins", lambda addresses: consent.confirm(state, addresses))

    def routes(self) -> list[Route]:
        """The operations."""
        return [
            Route("POST", f"/api/{GRANT.kind}s", self.subscribe, L),
            Route("POST", f"/api/{WITHDRAW.kind}s", self.unsubscribe, L),
        ]

    def subscribe(self) -> ResponseReturnValue:
        """202 with an empty body; the effect comes after the consent lag."""
        for wish in self._wishes.read(GRANT):
            self._state.accept(self._state.settings.consent_lag, partial(consent.subscribe, self._state, wish))
        return Response(status=202)

    def unsubscribe(self) -> ResponseReturnValue:
        """202 with an empty body; the effect comes after the consent lag."""
        for wish in self._wishes.read(WITHDRAW):
            self._state.accept(self._state.settings.consent_lag, partial(consent.unsubscribe, self._state, wish))
        return Response(status=202)
