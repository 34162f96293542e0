"""Errors named by what the caller does about them. One root, three ways to recover."""


class CommerceSyncError(Exception):
    """Root of every error that this bundle raises on purpose."""


class RetriableError(CommerceSyncError):
    """Trying again later may succeed: let it raise, or wait as a due row.

    ``retry_after`` is the number of seconds the other side asked us to wait, when it said so.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PausedError(RetriableError):
    """The whole destination must wait (rate limit, refused credentials): do not try its other items either."""


class NotAllowedError(PausedError):
    """Our credentials are good, but a scope or the vendor's plan is missing: what needs none of it still works.

    ``scopes`` are those that the vendor named.
    """

    def __init__(self, message: str, *, retry_after: float | None = None, scopes: tuple[str, ...] = ()) -> None:
        super().__init__(message, retry_after=retry_after)
        self.scopes = scopes


class PermanentError(CommerceSyncError):
    """Trying again cannot succeed: park it with its reason until a person decides."""


class RefusedByVendorError(PermanentError):
    """A vendor refused one request for good. Carries what an operator may see, never a body or a token.

    ``fields`` are the pointers or property names that the vendor blamed; ``existing_id`` is the vendor's id of the
    record that stood in the way, where it named one.
    """

    def __init__(
        self,
        vendor: str,
        status: int,
        code: str,
        *,
        fields: tuple[str, ...] = (),
        request_id: str = "",
        existing_id: str | None = None,
    ) -> None:
        super().__init__(f"{vendor} {status} {code}" + (f" at {', '.join(fields)}" if fields else ""))
        self.vendor = vendor
        self.status = status
        self.code = code
        self.fields = fields
        self.request_id = request_id
        self.existing_id = existing_id


class SkippableError(CommerceSyncError):
    """There is nothing to do, for a reason worth counting: acknowledge."""


class ConfigurationError(CommerceSyncError):
    """A setting or a configuration file is wrong: refuse to start, and say which and why."""


class LedgerLostError(ConfigurationError):
    """The consent ledger, its heads or the pepper are not those that were written to: nothing is written."""
