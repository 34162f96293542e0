"""Communication preferences of many addresses at once; only the Enterprise plan has it."""

from typing import Any

from flask import request

from local.sandboxes.hubspot.errors import invalid
from local.sandboxes.hubspot.gate import Route, missing_scope
from local.sandboxes.hubspot.preferences import Preferences, demand_email_channel
from local.sandboxes.hubspot.reading import batch_inputs, body, text
from local.sandboxes.hubspot.shown import completed
from local.sandboxes.hubspot.standard import SUBSCRIPTIONS
from local.sandboxes.hubspot.state import HubSpotState


def preference_batch_routes(state: HubSpotState) -> list[Route]:
    """The batch preference endpoints."""
    api, prefix = PreferenceBatches(state), "/communication-preferences/{V}/statuses/batch"
    return [
        ("POST", f"{prefix}/read", api.read),
        ("POST", f"{prefix}/write", api.write),
        ("POST", f"{prefix}/unsubscribe-all", api.opt_out),
    ]


class PreferenceBatches:
    """The batch preference endpoints."""

    def __init__(self, state: HubSpotState) -> None:
        self._state = state
        self._single = Preferences(state)

    def _demand_enterprise(self) -> None:
        if self._state.settings.plan != "enterprise":
            raise missing_scope("communication_preferences.statuses.batch.write")

    def read(self) -> tuple[Any, int]:
        """Statuses of many addresses (Marketing Enterprise only)."""
        self._demand_enterprise()
        demand_email_channel(request.args.get("channel"))
        emails = body().get("inputs")
        if not isinstance(emails, list) or not all(isinstance(email, str) for email in emails):
            raise invalid("Invalid input JSON: 'inputs' must be a list of strings")
        results = [
            {
                "subscriberIdString": email,
                "statuses": [self._single.shown(email.lower(), number) for number in SUBSCRIPTIONS],
            }
            for email in emails
        ]
        return completed(self._state, results), 200

    def write(self) -> tuple[Any, int]:
        """Change many; each input names its address (Marketing Enterprise only)."""
        self._demand_enterprise()
        results = [self._single.change(text(entry, "subscriberIdString").lower(), entry) for entry in batch_inputs()]
        return completed(self._state, results), 200

    def opt_out(self) -> tuple[Any, int]:
        """Many addresses want nothing any more (Marketing Enterprise only)."""
        self._demand_enterprise()
        emails = [str(email).lower() for email in body().get("inputs") or []]
        return completed(self._state, [self._single.opt_out(email)[0]["results"][0] for email in emails]), 200
