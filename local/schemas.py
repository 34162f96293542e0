"""Writes the JSON Schemas in docs/ that the models define (``make samples`` writes them anew)."""

import json

from commerce_sync.config.fields import mapped_fields
from commerce_sync.contracts import CanonicalEvent, DeliveredFacts, Envelope, PrivacyRequest
from commerce_sync.contracts.advanced_rows import PropertyRows
from commerce_sync.contracts.consent import ConsentMessage
from commerce_sync.contracts.consent_doors import InboundText, PreferenceChange, StaffRevocation, SupportMessage
from commerce_sync.contracts.own_events import OwnEvents
from commerce_sync.contracts.web_events import WebEvents
from commerce_sync.intake.catalogue import CATALOGUE
from commerce_sync.sampling.codes import MEANINGS, UNEXPLAINED
from commerce_sync.validation.catalogue import FINDINGS
from pydantic import BaseModel

from local.places import ROOT

REASONS = ROOT / "docs" / "reasons.md"
FIELDS = ROOT / "docs" / "fields.md"
SCHEMAS = ROOT / "docs" / "schemas"
TABLE = "| Owner | Source | Goes to | As | Kind, type | Transform | Sent | Cleared |"
TABLE_ENDS = "\n\n## "
SAMPLING = ROOT / "docs" / "sampling.md"
CODES = "| Code | Means | Explains itself |"
MODELS: dict[str, type[BaseModel]] = {
    "canonical_event": CanonicalEvent,
    "delivered_facts": DeliveredFacts,
    "envelope": Envelope,
    "privacy_request": PrivacyRequest,
    "consent_message": ConsentMessage,
    "consent_preferences": PreferenceChange,
    "consent_staff": StaffRevocation,
    "consent_sms": InboundText,
    "consent_support": SupportMessage,
    "web_events": WebEvents,
    "own_events": OwnEvents,
    "properties": PropertyRows,
}


def schemas() -> dict[str, str]:
    """Each file's name and text."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {
        f"{name}.json": json.dumps(dialect | model.model_json_schema(), indent=2) + "\n"
        for name, model in MODELS.items()
    }


def reasons_page() -> str:
    """docs/reasons.md: every code by which a delivery is set aside, and everything that an event can be wrong in."""
    lines = [
        "# Why a verified delivery is set aside",
        "",
        "Written from the code's own catalogue (`make samples`). `operations status` counts them;",
        "those that wait raise an alarm, the others are settled and only counted.",
        "",
        "| Code | Means | What to do | Waits |",
        "|---|---|---|---|",
    ]
    rows = (
        f"| `{code}` | {one.meaning} | {one.action} | {'yes' if one.waits else 'no'} |"
        for code, one in CATALOGUE.items()
    )
    return "\n".join([*lines, *rows, *_findings()]) + "\n"


def _findings() -> list[str]:
    return [
        "",
        "## What can be wrong with an event that was told on",
        "",
        "`operations status` counts them by store and event beside the codes above ([events.md](events.md)). The event",
        "itself is kept and told as it is: nothing is held back because of a finding.",
        "",
        "| Finding | Means | What to do |",
        "|---|---|---|",
        *(f"| `{finding}` | {one.meaning} | {one.action} |" for finding, one in FINDINGS.items()),
    ]


def fields_page(page: str) -> str:
    """docs/fields.md with the shipped map in the place of the table that stands there, all else as it is."""
    rows = (
        f"| {line.owner} | `{line.source}` | {line.destination} | `{line.name}` | {line.kind}, {line.type} "
        f"| {line.transform} | {line.send} | {'yes' if line.clear else 'no'} |"
        for line in mapped_fields()
    )
    return _with_table(page, [TABLE, "|---|---|---|---|---|---|---|---|", *rows], TABLE_ENDS)


def sampling_page(page: str) -> str:
    """docs/sampling.md with the codes and their meanings in the place of the table that stands there."""
    rows = (f"| `{code}` | {means} | {'no' if code in UNEXPLAINED else 'yes'} |" for code, means in MEANINGS.items())
    return _with_table(page, [CODES, "|---|---|---|", *rows], "\n\n")


def _with_table(page: str, lines: list[str], ends: str) -> str:
    before, _, rest = page.partition(lines[0])
    return before + "\n".join(lines) + ends + rest.partition(ends)[2]


def write_schemas() -> None:
    """Write every schema, the page of reasons, and the tables of fields and of a sample's codes."""
    REASONS.write_text(reasons_page())
    FIELDS.write_text(fields_page(FIELDS.read_text()))
    SAMPLING.write_text(sampling_page(SAMPLING.read_text()))
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text)


if __name__ == "__main__":
    write_schemas()
