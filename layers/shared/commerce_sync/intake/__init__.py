"""Intake: the translation of verified webhook bodies into canonical events. Pure: bytes in, facts or reasons out."""

from commerce_sync.intake.rejections import Rejection
from commerce_sync.intake.screening import screen
from commerce_sync.intake.translation import Translation, translate

__all__ = ["Rejection", "Translation", "screen", "translate"]
