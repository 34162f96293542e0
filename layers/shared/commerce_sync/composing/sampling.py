"""A sample of contacts: drawn, compared field by field, kept as a report. Writes nothing at a vendor."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from commerce_sync.aws.audits import Audits
from commerce_sync.aws.identity_sample import IdentitySample
from commerce_sync.aws.samples import Samples
from commerce_sync.composing.identity import keys_of
from commerce_sync.composing.sample_drawing import Asked, Drawing
from commerce_sync.composing.sample_facts import Sight
from commerce_sync.composing.sample_looking import Accounts, Looking, SampleSettings
from commerce_sync.composing.telling import clock, lines_of
from commerce_sync.contracts.duplicates import System
from commerce_sync.contracts.samples import ComparedField, SampleFigures
from commerce_sync.errors import RefusedByVendorError
from commerce_sync.identity.emails import normalize_email
from commerce_sync.operating.sampling import answer, wanted
from commerce_sync.profiles.bisecting import BLAMES_THE_BODY, sent
from commerce_sync.profiles.syncing import MayGoOn
from commerce_sync.sampling.codes import MEANINGS
from commerce_sync.sampling.reporting import differing, figures_of, rows_of, run_id_of
from commerce_sync.settings.operations import OperationsSettings
from commerce_sync.vendors.hubspot import HubSpotContacts
from commerce_sync.vendors.hubspot.contacts import ADDRESSES
from commerce_sync.vendors.klaviyo.standing import addresses

TOGETHER: Final = 100


def sample_contacts(settings: OperationsSettings, arguments: Mapping[str, Any], may_go_on: MayGoOn) -> dict[str, Any]:
    """``sample_contacts``: some people at random, whose report is kept; or whom somebody names, of whom none is."""
    now, asked = clock(), wanted(arguments, settings.sample_size)
    if asked.emails:
        emails = list(dict.fromkeys(address for email in asked.emails if (address := normalize_email(email))))
        compared = list(compare(settings, Accounts(settings), emails, may_go_on, now))
        figures = figures_of(compared, at=now, seed="", people=dict.fromkeys(emails))
    else:
        figures, compared = sample(settings, asked.number, asked.seed or run_id_of(now), may_go_on, now)
    return answer(figures, differing(compared), MEANINGS)


def sample(
    settings: SampleSettings, number: int, seed: str, may_go_on: MayGoOn, now: datetime
) -> tuple[SampleFigures, list[ComparedField]]:
    """Draw some people, compare them and keep the report. The same run again writes the same report anew.

    :raises PausedError: a vendor has no token, or its calls must wait. Nothing is kept then.
    """
    accounts = Accounts(settings)
    drawn = drawing(settings, accounts).draw(number, seed)
    compared = list(compare(settings, accounts, list(drawn.people), may_go_on, now))
    figures = figures_of(compared, at=now, seed=seed, people=drawn.people, missing=drawn.missing)
    rows = rows_of(compared, lambda email: keys_of(settings).key(("email", email)))
    return Samples(settings.archive_bucket).keep(figures, rows), compared


def compare(
    settings: SampleSettings, accounts: Accounts, emails: Sequence[str], may_go_on: MayGoOn, now: datetime
) -> Iterator[ComparedField]:
    """Every mapped field of each address at each destination, a hundred people at a time, while there is time.

    An address that a vendor refuses to look up is left out, and keeps nobody else from being compared.
    """
    looking = Looking(settings, accounts, may_go_on, now)
    for start in range(0, len(emails), TOGETHER):
        if not may_go_on():
            return
        for sight in _sights(looking, emails[start : start + TOGETHER]):
            yield from (sight.compare(line) for line in lines_of(sight.to).values())


def _sights(looking: Looking, emails: Sequence[str]) -> list[Sight]:
    found: list[Sight] = []
    errors = sent(emails, lambda some: found.extend(looking.look(some)))
    for error in errors.values():
        if not (isinstance(error, RefusedByVendorError) and error.status in BLAMES_THE_BODY):
            raise error
    return found


def drawing(settings: SampleSettings, accounts: Accounts) -> Drawing:
    """Where people are drawn."""

    def of_contacts(ids: Sequence[str]) -> dict[str, str]:
        read = HubSpotContacts(accounts.hubspot).read(ids, ADDRESSES[:1])
        return {str(one["id"]): str(one["properties"].get("email") or "") for one in read}

    asked: dict[System, Asked] = {
        "hubspot": of_contacts,
        "klaviyo": lambda ids: addresses(accounts.klaviyo, ids),
    }
    return Drawing(IdentitySample(settings.identity_table), Audits(settings.archive_bucket), asked)
