"""Letters, sealed files and titles on record are Chinese, in whatever language their author reads the pages."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation


def in_record_language() -> translation.override:
    """For `with`, or as a decorator of a function that writes for the record."""
    return translation.override(settings.LANGUAGE_CODE)
