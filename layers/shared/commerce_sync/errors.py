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


class PermanentError(CommerceSyncError):
    """Trying again cannot succeed: park it with its reason until a person decides."""


class SkippableError(CommerceSyncError):
    """There is nothing to do, for a reason worth counting: acknowledge."""


class ConfigurationError(CommerceSyncError):
    """A setting or a configuration file is wrong: refuse to start, and say which and why."""
