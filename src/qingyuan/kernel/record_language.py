"""Letters, sealed files and titles on record are Chinese, in whatever language their author reads the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation


@contextmanager
def in_record_language() -> Iterator[None]:
    """For `with`, or as a decorator of a function that writes for the record.

    Every entry keeps the reader's language for itself: requests of several threads pass through one decorated function.
    """
    with translation.override(settings.LANGUAGE_CODE):
        yield
