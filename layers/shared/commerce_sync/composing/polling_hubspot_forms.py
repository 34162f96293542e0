"""What is read of HubSpot's forms: the submissions of those that consent.toml names, the newest first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from commerce_sync.consent.hubspot_forms import of_submission
from commerce_sync.contracts.consent import ConsentStatement
from commerce_sync.contracts.consent_policy import ConsentPolicy, HubSpotForm
from commerce_sync.polling.cursors import Rule, Sighting, Window
from commerce_sync.vendors.hubspot import HubSpot
from commerce_sync.vendors.hubspot.forms import HubSpotForms

Tell = Callable[[Sequence[ConsentStatement]], None]


@dataclass(frozen=True)
class FormSource:
    """The submissions of one form, back to the start of a window: only then the window is read."""

    form: HubSpotForm
    store: str
    rule: Rule
    forms: HubSpotForms
    tell: Tell

    @property
    def name(self) -> str:
        """Under which its cursor is kept."""
        return f"hubspot#form#{self.form.id}"

    def page(self, window: Window) -> tuple[Sequence[Sighting], str | None]:
        """Those of a page that lie in the window, and the next page while it goes on."""
        submissions, following = self.forms.submissions(self.form.id, window.page)
        found = [Sighting(one.submission_id, one.at or window.end, one) for one in submissions]
        inside = [one for one in found if one.at >= window.start]
        return inside, following if len(inside) == len(found) else None

    def say(self, fresh: Sequence[Sighting]) -> None:
        """The opt-ins of those that are new."""
        said = (of_submission(self.form, self.store, one.what) for one in fresh)
        self.tell([one for one in said if one is not None])


def form_sources(
    client: HubSpot, overlap: timedelta, tell: Tell, *, policy: ConsentPolicy, store: str
) -> Iterator[FormSource]:
    """One for each form that is configured. ``store`` is how stores.toml names the account."""
    for form in policy.hubspot_forms:
        yield FormSource(form, store, Rule(overlap), HubSpotForms(client), tell)
