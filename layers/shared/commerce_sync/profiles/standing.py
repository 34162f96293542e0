"""What stands at a destination, back in the normal forms of the field map: pure, the other way of telling.

A value of another type than its field's is shown as it is, and so equals nothing that is told: a number that stands
there as a text is none to whoever segments by it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from commerce_sync.contracts.fields import ATTRIBUTE, FieldLine, FieldType
from commerce_sync.profiles.klaviyo_fields import PHONE
from commerce_sync.profiles.transforms import normal_form, number_text


@dataclass(frozen=True, slots=True)
class Stands:
    """``value`` is what stands in a field's own place, ``beside`` what stands where a phone number gives way to."""

    value: str | None
    beside: str | None = None


def at_klaviyo(line: FieldLine, values: Mapping[str, object]) -> Stands:
    """A field among the values of a profile, by :attr:`FieldLine.key`, each as JSON has it."""
    if line.kind == "phone":
        return Stands(_text(values.get(f"{ATTRIBUTE}{PHONE}"), "text"), _text(values.get(line.name), "text"))
    return Stands(_text(values.get(line.key), line.type))


def at_hubspot(line: FieldLine, properties: Mapping[str, str | None]) -> Stands:
    """A field among the properties of a contact, all of which are texts."""
    text = (properties.get(line.name) or "").strip()
    return Stands((normal_form(text, line.type) or text) if text else None)


def _text(value: object, kind: FieldType) -> str | None:
    """A value as its field's type has it, else as JSON."""
    if value is None or value == "":
        return None
    if kind == "set" and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(sorted(set(value))) or None
    if kind == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if kind == "number" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return number_text(Decimal(str(value)))
    if isinstance(value, str) and kind not in {"set", "boolean", "number"}:
        return normal_form(value, kind) or value
    shown = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return shown if kind in {"set", "boolean", "number"} else f"{shown} (no text)"
