"""Reads one configuration file through its model, or says which line of which file is wrong and why."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from commerce_sync.errors import ConfigurationError

HERE = Path(__file__).parent
Model = TypeVar("Model", bound=BaseModel)


def load(model: type[Model], name: str, folder: Path = HERE) -> Model:
    """Parse ``<name>.toml``.

    :raises ConfigurationError: with the file, the place in it, and what was expected there.
    """
    path = folder / f"{name}.toml"
    try:
        return model.model_validate(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path.name}: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{_place(problem['loc'])}: {problem['msg']}" for problem in error.errors())
        raise ConfigurationError(f"{path.name}: {problems}") from error


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(f"#{part + 1}" if isinstance(part, int) else part for part in location) or "the file"
