"""What docs/schemas says is what the code takes."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from local.in_process import load_function
from local.places import ROOT
from local.schemas import FIELDS, REASONS, SAMPLING, SCHEMAS, fields_page, reasons_page, sampling_page, schemas
from tests.fakes.facts import placed

QUOTED = re.compile(r"(?:^|`)make ([a-z]+)", flags=re.MULTILINE)
OPERATIONS = sorted((ROOT / "events" / "operations").glob("*.json"))


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_published_schema_is_the_models_own(name: str) -> None:
    """`make samples` writes them anew."""
    assert (SCHEMAS / name).read_text() == schemas()[name]


def test_an_event_fits_its_published_schema() -> None:
    """A consumer that reads the schema can read our events."""
    schema = json.loads((SCHEMAS / "canonical_event.json").read_text())
    jsonschema.validate(json.loads(placed().model_dump_json(exclude_none=True)), schema)


@pytest.mark.parametrize("path", OPERATIONS, ids=lambda path: path.stem)
def test_every_sample_command_fits_the_commands_schema(path: Path) -> None:
    """And an invented argument does not."""
    schema = json.loads((SCHEMAS / "operations.json").read_text())
    command = json.loads(path.read_text())
    jsonschema.validate(command, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(command | {"arguments": {**command["arguments"], "invented": 1}}, schema)


def test_the_commands_schema_and_samples_name_every_command() -> None:
    """What operations knows is published, and can be tried."""
    schema = json.loads((SCHEMAS / "operations.json").read_text())
    known = set(load_function("operations").COMMANDS)
    described = {rule["if"]["properties"]["command"]["const"] for rule in schema["allOf"]}

    assert known == set(schema["properties"]["command"]["enum"]) == described
    assert known == {path.stem for path in OPERATIONS}


def test_the_documentation_quotes_commands_that_exist() -> None:
    """Every `make` target that the documents name is in the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    quoted = {name for document in documents for name in QUOTED.findall(document.read_text())}
    assert quoted <= targets, quoted - targets


def test_the_page_of_reasons_is_the_catalogues_own() -> None:
    """`make samples` writes it anew."""
    assert REASONS.read_text() == reasons_page()


def test_the_table_of_fields_is_the_shipped_map() -> None:
    """`make samples` writes it anew."""
    page = FIELDS.read_text()
    assert fields_page(page) == page
    assert "`hs_latest_source`" in page


def test_the_codes_of_a_sample_are_its_own() -> None:
    """`make samples` writes them anew."""
    page = SAMPLING.read_text()
    assert sampling_page(page) == page
    assert "| `missed` |" in page
