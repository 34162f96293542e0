"""How a query to Shopify is dressed, and how its refusals are read: they come with status 200."""

import math
from collections.abc import Mapping
from typing import Any

from commerce_sync.contracts.budgets import Budget, Heard, Quota
from commerce_sync.errors import NotAllowedError, PausedError, RefusedByVendorError, RetriableError
from commerce_sync.vendors.http import CREDENTIALS_WAIT, VendorHttp
from commerce_sync.vendors.quotas import DEFAULT_WAIT

SUCCESS = 200
SCOPES = "/admin/oauth/access_scopes.json"
THROTTLED = "THROTTLED"
FORBIDDEN = frozenset({"ACCESS_DENIED", "SHOP_INACTIVE"})
THROTTLE = ("maximumAvailable", "currentlyAvailable", "restoreRate")
TRANSIENT = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT"})


class Shopify:
    """One store's Admin API, by one dated version: GraphQL, and REST where a body has its webhook's shape."""

    def __init__(self, base_url: str, token: str, version: str, timeout: float, budget: Budget | None = None) -> None:
        self._api = f"/admin/api/{version}"
        self._path = f"{self._api}/graphql.json"
        self._http = VendorHttp("shopify", base_url, {"X-Shopify-Access-Token": token}, timeout, budget)

    def read(self, path: str) -> Any | None:
        """What stands at a path of the REST API (``/orders/1.json``), or None where the shop says that nothing does."""
        answer = self._http.find(self._api + path)
        return answer.json if answer else None

    def listed(self, path: str, params: Mapping[str, str]) -> Any:
        """A page of a list of the REST API; errors as :meth:`VendorHttp.call` names them."""
        return self._http.call("GET", self._api + path, params=params).json

    def scopes(self) -> frozenset[str]:
        """The access scopes that the token was granted (AccessScope of the REST API, which has no version).

        :raises RetriableError: the answer names none, so it is not Shopify's.
        """
        answer = self._http.call("GET", SCOPES).json
        listed = answer.get("access_scopes") if isinstance(answer, dict) else None
        if not isinstance(listed, list):
            raise RetriableError("shopify answered without scopes")
        return frozenset(str(one.get("handle")) for one in listed if isinstance(one, dict))

    def ask(self, document: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run one document and return its ``data``. HTTP statuses become errors as :meth:`VendorHttp.call` names them.

        :raises PausedError: the query costs more than is left of the store's budget; it says when it will fit.
        :raises NotAllowedError: a scope is missing, or the shop is closed.
        :raises RetriableError: a passing fault, or an answer that says nothing.
        :raises RefusedByVendorError: Shopify does not understand the document or its variables.
        """
        body = self._http.call("POST", self._path, {"query": document, "variables": dict(variables)}).json
        if not isinstance(body, dict):
            raise RetriableError("shopify answered without a body")
        error = _error(body) if body.get("errors") else None
        self._http.heed("POST", self._path, _heard(body, error))
        if error:
            raise error
        data = body.get("data")
        if not isinstance(data, dict):
            raise RetriableError("shopify answered without data")
        return data


def refuse_user_errors(payload: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """A mutation's payload, unless it names what is wrong with the input.

    :raises RefusedByVendorError: it does, with Shopify's first code and the input fields it blames.
    """
    if payload is None:
        raise RetriableError("shopify did not say what became of a write")
    problems = payload.get("userErrors") or []
    if problems:
        fields = tuple(sorted({".".join(problem.get("field") or []) for problem in problems} - {""}))
        raise RefusedByVendorError("shopify", SUCCESS, str(problems[0].get("code") or "INVALID"), fields=fields)
    return payload


def _error(body: Mapping[str, Any]) -> RetriableError | RefusedByVendorError:
    listed = body["errors"]
    problems = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    codes = [str((one.get("extensions") or {}).get("code") or "") for one in problems]
    code = next(filter(None, codes), "unknown")
    if THROTTLED in codes:
        return PausedError("shopify THROTTLED", retry_after=_wait(body))
    if FORBIDDEN & set(codes):
        return NotAllowedError(f"shopify {code}: credentials or scopes refused", retry_after=CREDENTIALS_WAIT)
    if TRANSIENT & set(codes):
        return RetriableError(f"shopify {code}")
    return RefusedByVendorError("shopify", SUCCESS, code)


def _heard(body: Mapping[str, Any], error: Exception | None) -> Heard:
    """What the points say: how many are left, and how long to wait where they were too few."""
    status = ((body.get("extensions") or {}).get("cost") or {}).get("throttleStatus") or {}
    wait = error.retry_after if isinstance(error, PausedError) and not isinstance(error, NotAllowedError) else None
    try:
        most, left, restored = (float(status[name]) for name in THROTTLE)
        quota = Quota(int(most), int(left), 0, most / 10 / restored)
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return Heard(wait)
    return Heard(wait, quotas=(quota,))


def _wait(body: Mapping[str, Any]) -> float:
    """Seconds until the query fits: what it lacks by what is restored each second."""
    cost = (body.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    try:
        lacking = float(cost["requestedQueryCost"]) - float(status["currentlyAvailable"])
        return float(max(1, math.ceil(lacking / float(status["restoreRate"]))))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return DEFAULT_WAIT
