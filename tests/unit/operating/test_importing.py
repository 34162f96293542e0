"""A CSV of advanced properties: read as a table or refused by its line, sent only when told."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from commerce_sync.intake import reject
from commerce_sync.operating.importing import MOST_BYTES, TOGETHER, Told, import_properties

HEADER = "email,property,value,observed_at"
LINE = "ada@example.com,loyalty_tier,gold,2026-11-01T10:00:00Z"


@dataclass
class Door:
    """Takes bodies; values ``bad`` are rejected."""

    sent: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)

    def read(self, _owner: str, body: bytes) -> Told:
        """As intake would."""
        rows = json.loads(body)
        wrong = [
            reject("value_not_possible", f"line[{row['line']}].value") for row in rows if row.get("value") == "bad"
        ]
        return Told(len(rows) - len(wrong), sum(row.get("value") == "old" for row in rows), wrong)

    def send(self, owner: str, body: bytes) -> None:
        """Keep it."""
        self.sent.append((owner, json.loads(body)))

    def take(self, text: str, **more: Any) -> dict[str, Any]:
        """One command."""
        return import_properties({"owner": "warehouse", "csv": text, **more}, ["warehouse"], self.read, self.send)


def test_a_dry_run_tells_and_sends_nothing() -> None:
    """It is what happens unless told otherwise; rows that are wrong are named by their line."""
    door = Door()
    answer = door.take("\n".join([HEADER, LINE, LINE.replace("gold", "bad"), ""]))
    assert answer["would_import"] == 1
    assert answer["rejected"] == {"value_not_possible": 1}
    assert answer["reasons"] == [{"at": "line[3].value", "code": "value_not_possible", "expected": ""}]
    assert door.sent == []


def test_values_that_have_ended_already_are_counted() -> None:
    """They are taken and change nobody: a file of old observations would look as if it were imported."""
    answer = Door().take("\n".join([HEADER, LINE, LINE.replace("gold", "old")]))
    assert (answer["would_import"], answer["ended_already"]) == (2, 1)


def test_rows_that_are_wrong_are_sent_too() -> None:
    """The door sets them aside like every delivery's: nothing is lost. Empty cells say nothing."""
    door = Door()
    text = "\ufeff" + "\r\n".join([f"{HEADER},phone", f"{LINE},", LINE.replace("gold", "bad")])
    assert door.take(text, dry_run=False)["imported"] == 1
    ((owner, rows),) = door.sent
    assert owner == "warehouse"
    assert [row["line"] for row in rows] == [2, 3]
    assert rows[0] == {
        "email": "ada@example.com",
        "property": "loyalty_tier",
        "value": "gold",
        "observed_at": "2026-11-01T10:00:00Z",
        "line": 2,
    }


def test_a_quoted_cell_may_hold_a_comma_and_a_line_break() -> None:
    """The line is the one that its row ends on."""
    door = Door()
    door.take(f'{HEADER}\n"a,\nb",loyalty_tier,gold,2026-11-01T10:00:00Z\n', dry_run=False)
    ((_, rows),) = door.sent
    assert (rows[0]["email"], rows[0]["line"]) == ("a,\nb", 3)


def test_a_long_file_goes_in_several_deliveries() -> None:
    """Every row once."""
    door = Door()
    answer = door.take("\n".join([HEADER, *[LINE] * (TOGETHER + 1)]), dry_run=False)
    assert (answer["imported"], answer["deliveries"]) == (TOGETHER + 1, 2)
    assert [len(rows) for _, rows in door.sent] == [TOGETHER, 1]


def test_a_delivery_is_no_larger_than_a_message_may_be() -> None:
    """Whatever stands in the cells: a queue that refused one would leave the file half sent, each time."""
    door = Door()
    lines = [LINE.replace("gold", "\u20ac" * 600)] * TOGETHER
    assert door.take("\n".join([HEADER, *lines]), dry_run=False)["imported"] == TOGETHER
    assert sum(len(rows) for _, rows in door.sent) == TOGETHER
    assert max(len(json.dumps(rows)) for _, rows in door.sent) <= MOST_BYTES * 1.1


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"{HEADER}\n{LINE}\n{LINE.replace('gold', 'x' * 20_000)}", "line 3 is longer than a row can be"),
        ("", "lacks property, value, observed_at"),
        ("email,value", "lacks property, observed_at"),
        (f"{HEADER},shoe_size", "there is no shoe_size"),
        (f"{HEADER},email", "a column twice"),
        (f"{HEADER}\n{LINE}\n{LINE},more", "line 3 has more cells"),
        (f'{HEADER}\n"ada', "line 2 cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused_whole(text: str, reason: str) -> None:
    """By its line, and nothing of it is sent."""
    door = Door()
    with pytest.raises(ValueError, match=reason):
        door.take(text, dry_run=False)
    assert door.sent == []


def test_an_owner_that_is_not_configured_is_refused() -> None:
    """And the answer says which there are."""
    with pytest.raises(ValueError, match="owner is one of warehouse"):
        Door().take(HEADER, owner="somebody")
