"""Intake: the translation of verified webhook bodies into facts. Pure: bytes in, facts or reasons out."""

from commerce_sync.intake.hydration import Records, hydrate
from commerce_sync.intake.people import people_in
from commerce_sync.intake.rejections import Rejection, reject
from commerce_sync.intake.screening import screen
from commerce_sync.intake.translation import Translation, translate

__all__ = ["Records", "Rejection", "Translation", "hydrate", "people_in", "reject", "screen", "translate"]
