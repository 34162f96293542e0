"""What submissions of HubSpot's forms say: opt-ins as strong as the notice that is known of the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

import pytest
from commerce_sync.config.consent import consent_policy
from commerce_sync.consent.hubspot_forms import of_submission
from commerce_sync.consent.rules import shipped_rules
from commerce_sync.consent.stating import record_of
from commerce_sync.contracts.consent import ConsentRecord
from commerce_sync.contracts.consent_policy import HubSpotForm, Notice

from tests.unit.consent.vendor_states import T

FORM = HubSpotForm(id="78c2891f", box="newsletter")
NOTICE = Notice(id="n", form="hubspot:main:78c2891f", sha256="a" * 64, language="en", valid_from=date(2026, 1, 1))


@dataclass(frozen=True)
class Submission:
    """What somebody filled in."""

    values: Mapping[str, str] = field(
        default_factory=lambda: MappingProxyType({"email": " ana@example.com ", "newsletter": "true"})
    )
    at: datetime | None = T
    submission_id: str = "conversion-1"
    page_url: str = ""


def test_a_ticked_box_is_an_opt_in_of_the_address_that_was_filled_in() -> None:
    """Once, however often it is read."""
    said = of_submission(FORM, "main", Submission())
    assert said is not None
    assert said == of_submission(FORM, "main", Submission())
    assert (said.address, said.action, said.strength, said.occurred_at) == ("ana@example.com", "grant", "strong_in", T)
    assert (said.statement_id, said.form) == ("form:78c2891f:conversion-1", "hubspot:main:78c2891f")


@pytest.mark.parametrize("value", ["false", "", "no", "maybe", "0"])
def test_a_box_that_is_not_ticked_says_nothing(value: str) -> None:
    """Neither does one that is not there."""
    assert of_submission(FORM, "main", Submission({"email": "ana@example.com", "newsletter": value})) is None
    assert of_submission(FORM, "main", Submission({"email": "ana@example.com"})) is None


def test_a_form_without_a_box_is_the_opt_in() -> None:
    """As it is configured; without a time it is weak."""
    form = HubSpotForm(id="78c2891f")
    said = of_submission(form, "main", Submission({"email": "ana@example.com"}, at=None))
    assert said is not None
    assert said.strength == "weak_in"


@pytest.mark.parametrize(("notices", "strength"), [((NOTICE,), "strong_in"), ((), "weak_in")])
def test_it_is_as_strong_as_the_notice_that_is_known(notices: tuple[Notice, ...], strength: str) -> None:
    """By the form and its day."""
    said = of_submission(FORM, "main", Submission())
    assert said is not None
    record = record_of(
        said,
        source="hubspot",
        store="main",
        received_at=T + timedelta(minutes=1),
        policy=consent_policy().model_copy(update={"notices": notices}),
        rules=shipped_rules(),
        tenant="main",
    )
    assert isinstance(record, ConsentRecord)
    assert (record.action, record.strength, record.purpose) == ("grant", strength, "marketing")
