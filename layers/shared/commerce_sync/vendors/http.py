"""One HTTP exchange with a vendor. Every status becomes one of our errors here and nowhere else."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import requests

from commerce_sync.contracts.budgets import Budget, Heard
from commerce_sync.errors import NotAllowedError, PausedError, RefusedByVendorError, RetriableError
from commerce_sync.observability import count
from commerce_sync.vendors.links import query_of
from commerce_sync.vendors.quotas import heard_in, retry_after

CREDENTIALS_WAIT = 300.0
NOT_FOUND = 404
TRANSIENT = frozenset({408, 423, 425, 477, 500, 502, 503, 504, 521, 522, 523, 524, 525, 526})
NOT_SET_UP = frozenset({"PROPERTY_DOESNT_EXIST"})
OURS = re.compile("sync_")
"""Properties that ``operations setup`` creates: where one is missing, every item would fail, so none is blamed."""
AN_ID = re.compile(r"[A-Za-z0-9]{1,64}")
A_FIELD = re.compile(r"[A-Za-z0-9_.]{1,64}")
A_SCOPE = re.compile(r"[a-z_.-]{1,100}")
REQUEST_ID_HEADERS = ("x-request-id", "x-hubspot-correlation-id", "cf-ray")


@dataclass(frozen=True, slots=True)
class Answer:
    """A successful answer: its status, its JSON, if it had a body, and its headers."""

    status: int
    json: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class VendorHttp:
    """A kept-alive session to one vendor, with its standing headers and a time-out on every call (seconds).

    Where there is a ``budget`` it is asked before every call, and told what every answer says of limits.
    """

    read_number: Callable[[str], object] = float

    def __init__(
        self, vendor: str, base_url: str, headers: Mapping[str, str], timeout: float, budget: Budget | None = None
    ) -> None:
        self._vendor = vendor
        self._budget = budget
        self._base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._session = requests.Session()
        self._session.headers.update(headers)

    def call(self, method: str, path: str, body: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """Make one call.

        :raises PausedError: the budget does not allow it now, and nothing was sent; or 429, 401 or 403: nothing else
            will be answered either until something passes. A 401 is counted, for it does not pass by itself.
        :raises RetriableError: no answer, or a passing fault. The write may have happened.
        :raises RefusedByVendorError: any other status that is not success.
        """
        if self._budget:
            self._budget.before(method, path)
        try:
            response = self._session.request(
                method,
                self._base_url + path,
                json=body,
                params=params,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise RetriableError(f"{self._vendor} gave no answer ({type(error).__name__})") from None
        is_success = 200 <= response.status_code < 300  # noqa: PLR2004
        body = {} if is_success else _body(response)
        heard = heard_in(response.status_code, response.headers, body, datetime.now(UTC))
        wait = self.heed(method, path, heard)
        if not is_success:
            raise self._error(response, wait)
        return Answer(response.status_code, self._json(response), response.headers)

    def find(self, path: str, params: Mapping[str, str] | None = None) -> Answer | None:
        """GET what stands at a path, or None where the vendor says that nothing does. Errors as :meth:`call`."""
        try:
            return self.call("GET", path, params=params)
        except RefusedByVendorError as refusal:
            if refusal.status != NOT_FOUND:
                raise
            return None

    def follow(self, link: str, path: str) -> Answer:
        """GET the next page of a path by the link that the vendor gave: its query, verbatim, at our own address.

        A link to any other scheme, host, port or path is refused, and nothing of it is ever asked.

        :raises PermanentError: the link leads elsewhere.
        """
        return self.call("GET", f"{path}?{query_of(link, self._base_url + path)}")

    def heed(self, method: str, path: str, heard: Heard) -> float | None:
        """Tell the budget what an answer says of limits; returns the seconds to wait where it asks for that."""
        return (self._budget.after(method, path, heard) if self._budget else None) or heard.wait

    def _json(self, response: requests.Response) -> Any:
        """The body of a success. One that is not JSON came from something between us and the vendor."""
        try:
            return response.json(parse_float=self.read_number) if response.content else None
        except requests.JSONDecodeError:
            raise RetriableError(f"{self._vendor} {response.status_code} without JSON") from None

    def _error(self, response: requests.Response, wait: float | None) -> RetriableError | RefusedByVendorError:
        status = response.status_code
        if status == requests.codes.too_many_requests:
            return PausedError(f"{self._vendor} 429", retry_after=wait)
        if status == requests.codes.unauthorized:
            count("CredentialsRefused", vendor=self._vendor)
            return PausedError(f"{self._vendor} {status}: credentials or scopes refused", retry_after=CREDENTIALS_WAIT)
        if status == requests.codes.forbidden:
            message, scopes = f"{self._vendor} {status}: credentials or scopes refused", _scopes(response)
            return NotAllowedError(message, retry_after=CREDENTIALS_WAIT, scopes=scopes)
        if status in TRANSIENT:
            header = response.headers.get("Retry-After")
            asked = retry_after(header, datetime.now(UTC)) if header else None
            return RetriableError(f"{self._vendor} {status}", retry_after=wait or asked)
        code, fields, existing_id = _problem(response)
        if status == requests.codes.gone or (code in NOT_SET_UP and any(map(OURS.match, fields))):
            return PausedError(f"{self._vendor} {status} {code}: is it set up?", retry_after=CREDENTIALS_WAIT)
        request_id = next((response.headers[name] for name in REQUEST_ID_HEADERS if name in response.headers), "")
        return RefusedByVendorError(
            self._vendor, status, code, fields=fields, request_id=request_id, existing_id=existing_id
        )


def _problem(response: requests.Response) -> tuple[str, tuple[str, ...], str | None]:
    """The vendor's own code, the places it blames and the record it names as standing in the way.

    From Klaviyo's JSON:API errors and the bodies of HubSpot, BigCommerce and WordPress. HubSpot names no record.
    """
    body = _body(response)
    listed = body.get("errors")
    problems = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    codes = [str(problem.get("code") or problem.get("subCategory") or "") for problem in problems]
    places = sorted({str(place) for problem in problems for place in _places(problem)} | _fields(listed))
    existing = next(filter(None, map(_existing_id, problems)), None)
    code = next(filter(None, codes), str(body.get("category") or body.get("code") or "unknown"))
    return code, tuple(places), existing


def _fields(listed: Any) -> set[str]:
    """The fields that BigCommerce blames: its ``errors`` are an object by field."""
    return {name for name in listed if A_FIELD.fullmatch(name)} if isinstance(listed, dict) else set()


def _body(response: requests.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except requests.JSONDecodeError:
        return {"category": "no_error_body"}
    return body if isinstance(body, dict) else {"category": "unknown_error_body"}


def _scopes(response: requests.Response) -> tuple[str, ...]:
    """The scopes that HubSpot's 403 asks for, but for what does not look like one."""
    listed = _body(response).get("errors")
    problems = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    named = [one["context"].get("requiredGranularScopes") for one in problems if isinstance(one.get("context"), dict)]
    return tuple(str(scope) for some in named for scope in some or [] if A_SCOPE.fullmatch(str(scope)))


def _existing_id(problem: Mapping[str, Any]) -> str | None:
    """Klaviyo's ``meta.duplicate_profile_id``; anything that does not look like an id is left behind."""
    meta = problem.get("meta")
    given = meta.get("duplicate_profile_id") if isinstance(meta, dict) else None
    return given if isinstance(given, str) and AN_ID.fullmatch(given) else None


def _places(problem: Mapping[str, Any]) -> Iterable[str]:
    source, context = problem.get("source"), problem.get("context")
    if isinstance(source, dict):
        yield from (source[key] for key in ("pointer", "parameter") if source.get(key))
    if isinstance(context, dict):
        yield from context.get("propertyName") or []
