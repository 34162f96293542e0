"""What every contract shares: frozen, closed to unknown fields, and a version that survives overlapping deploys."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from commerce_sync.errors import PermanentError, RetriableError


class Contract(BaseModel):
    """A frozen shape that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Message(Contract):
    """A contract that travels on a queue.

    Messages wait in queues across releases, so a consumer accepts the current version and the
    previous one (lifted by :meth:`lift`). A newer version was written by a release that is not
    here yet: it is retriable. An older one outlived the four days a queue keeps: permanent.
    """

    VERSION: ClassVar[int] = 1

    schema_version: int

    @classmethod
    def lift(cls, message: dict[str, Any]) -> dict[str, Any]:
        """Turn the previous version's fields into the current version's. Identity unless a contract changed."""
        return message

    @classmethod
    def parse(cls, body: str | bytes) -> Self:
        """Read one message.

        :raises RetriableError: the message is of a newer version than this release knows.
        :raises PermanentError: the message breaks the contract; it names the fields, never their values.
        """
        try:
            message = from_json(body)
        except ValueError as error:
            raise PermanentError(f"{cls.__name__}: the message is not JSON") from error
        version = message.get("schema_version") if isinstance(message, dict) else None
        if not isinstance(version, int) or version < cls.VERSION - 1:
            raise PermanentError(f"{cls.__name__}: no readable schema_version")
        if version > cls.VERSION:
            raise RetriableError(f"{cls.__name__}: version {version} is newer than {cls.VERSION}")
        if version < cls.VERSION:
            message = cls.lift(message) | {"schema_version": cls.VERSION}
        try:
            return cls.model_validate_json(body) if version == cls.VERSION else cls.model_validate(message)
        except ValidationError as error:
            fields = sorted({".".join(map(str, problem["loc"])) for problem in error.errors(include_input=False)})
            raise PermanentError(f"{cls.__name__}: the contract is broken at {', '.join(fields)}") from error

    def to_json(self) -> str:
        """The message as the text that goes on the queue. ASCII only, so that no character is one that SQS refuses."""
        return self.model_dump_json(exclude_none=True, ensure_ascii=True)
