"""The API of webhooks (2021-11): all of them, a new one, and one that is changed.

Each topic needs the scope of its object.

Shapes by a client of Recharge's API (github.com/ChemicalLuck/recharge-api-python); its refusals of bodies are a guess.
"""

from typing import Any

from flask import Flask, Response, jsonify, make_response, request

from local.sandboxes.recharge.routes import SCOPES, answer, refused
from local.sandboxes.recharge.state import RechargeState
from local.sandboxes.sending import is_here

FIELDS = frozenset({"address", "topic", "included_objects", "version"})


def mount_webhooks(app: Flask, state: RechargeState) -> None:
    """Add the routes."""

    def listed() -> Response:
        shown = {"next_cursor": None, "previous_cursor": None, "webhooks": list(state.hooks.values())}
        return refused(state, "") or make_response(jsonify(shown), 200)

    def created() -> Response:
        return refused(state, "") or _kept(state, None)

    def changed(hook_id: int) -> Response:
        if hook_id not in state.hooks:
            return refused(state, "") or answer("Not Found", 404)
        return refused(state, "") or _kept(state, hook_id)

    app.add_url_rule("/webhooks", "webhooks", listed, methods=["GET"])
    app.add_url_rule("/webhooks", "create_webhook", created, methods=["POST"])
    app.add_url_rule("/webhooks/<int:hook_id>", "change_webhook", changed, methods=["PUT"])


def _kept(state: RechargeState, hook_id: int | None) -> Response:
    given: Any = request.get_json(silent=True)
    if not isinstance(given, dict) or set(given) - FIELDS:
        return answer("unknown fields", 422)
    wanted = {**(state.hooks.get(hook_id or 0) or {}), **given}
    subject = str(wanted.get("topic") or "").partition("/")[0]
    if subject not in SCOPES:
        return answer("topic is not valid", 422)
    if not (str(wanted.get("address") or "").startswith("https://") or is_here(str(wanted.get("address")))):
        return answer("address is not valid", 422)
    if SCOPES[subject] in state.settings.missing_scopes:
        return answer(f"missing scope {SCOPES[subject]}", 403)
    return make_response(jsonify({"webhook": state.put_hook(wanted)}), 200)
