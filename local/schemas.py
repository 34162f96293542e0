"""Writes the JSON Schemas in docs/ that the models define (``make samples`` writes them anew)."""

import json

from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, Envelope
from pydantic import BaseModel

from local.places import ROOT

SCHEMAS = ROOT / "docs" / "schemas"
MODELS: dict[str, type[BaseModel]] = {
    "canonical_event": CanonicalEvent,
    "delivered_facts": DeliveredFacts,
    "envelope": Envelope,
}


def schemas() -> dict[str, str]:
    """Each file's name and text."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.json": json.dumps(dialect | model.model_json_schema(), indent=2) + "\n"
        for name, model in MODELS.items()
    }


def write_schemas() -> None:
    """Write every schema."""
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text)


if __name__ == "__main__":
    write_schemas()
