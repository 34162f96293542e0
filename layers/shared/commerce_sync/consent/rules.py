"""The shipped rules: ``rules.toml`` beside this module, read through a strict model."""

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ConfigDict, Field, ValidationError

from commerce_sync.contracts.base import Contract
from commerce_sync.contracts.consent import ConsentRules, DoubleOptIn
from commerce_sync.errors import ConfigurationError

HERE = Path(__file__).parent
Table = TypeVar("Table", bound=Contract)


class Brake(Contract):
    """``[brake]``."""

    share: float = Field(gt=0, le=1)
    minimum: int = Field(ge=1)


class RulesFile(Contract):
    """rules.toml. Times in seconds and days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: str = Field(min_length=1)
    skew_seconds: int = Field(ge=0)
    future_tolerance_seconds: int = Field(ge=0)
    stop_covers_all_senders: bool
    approvals: int = Field(ge=2)
    settle_seconds: int = Field(ge=0)
    brake: Brake
    double_opt_in: tuple[DoubleOptIn, ...]
    expiry_days: dict[str, int]


def rules_of(file: RulesFile) -> ConsentRules:
    """The rules that a file holds."""
    return ConsentRules(
        version=file.version,
        skew=timedelta(seconds=file.skew_seconds),
        future_tolerance=timedelta(seconds=file.future_tolerance_seconds),
        stop_covers_all_senders=file.stop_covers_all_senders,
        double_opt_in=file.double_opt_in,
        expiry={name: timedelta(days=days) for name, days in file.expiry_days.items()},
        approvals=file.approvals,
        settle=timedelta(seconds=file.settle_seconds),
        brake_share=file.brake.share,
        brake_minimum=file.brake.minimum,
    )


@cache
def shipped_rules() -> ConsentRules:
    """The default that ships.

    :raises ConfigurationError: the file is broken; says where.
    """
    return rules_of(read_table(RulesFile, "rules"))


def read_table(model: type[Table], name: str, folder: Path = HERE) -> Table:
    """Parse one of this slice's tables.

    :raises ConfigurationError: with the file, the place in it, and what was expected there.
    """
    try:
        content: dict[str, Any] = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        return model.model_validate(content)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{name}.toml: {error}") from error
    except ValidationError as error:
        problems = (f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors())
        raise ConfigurationError(f"{name}.toml: {'; '.join(problems)}") from error
