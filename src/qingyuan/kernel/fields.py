"""What a column can hold, said as problems before the database has to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from qingyuan.kernel.errors import Invalid, Problem


def misfits(model: type[models.Model], *, at: str = "", **values: Any) -> list[Problem]:
    """Texts that are too long and decimals with too many digits for the columns of `model`, all at once.

    `at` names the place (a row) in front of the field: `at="3"` gives `3.note`.
    """
    problems = []
    for name, value in values.items():
        field: Any = model._meta.get_field(name)
        where = f"{at}.{name}".lstrip(".")
        if isinstance(value, str) and field.max_length and len(value) > field.max_length:
            problems.append(
                Problem(
                    _("过长：%(found)d 字") % {"found": len(value)},
                    where=where,
                    expected=_("不超过 %d 字") % field.max_length,
                )
            )
        elif isinstance(value, Decimal) and (reason := _misfit(value, field)):
            problems.append(Problem(reason, where=where))
    return problems


def _misfit(value: Decimal, field: Any) -> str:
    whole = field.max_digits - field.decimal_places
    if not value.is_finite() or value.adjusted() >= whole:
        return _("数值过大，整数部分不超过 %d 位") % whole
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > field.decimal_places:
        return _("小数不超过 %d 位") % field.decimal_places
    return ""


_COLUMNS = re.compile(r"\((\w+)\)=|UNIQUE constraint failed: \w+\.(\w+)")
"""How PostgreSQL and SQLite name the column of a value that is already there."""


@contextmanager
def unique_or(problems: Mapping[str, Problem]) -> Iterator[None]:
    """Say a value that somebody else took, perhaps in this very moment, as the problem of its field.

    Looking first does not help two people who do the same at once: the database decides, inside a savepoint. A column
    without a problem in `problems` is a fault of ours and stays an IntegrityError.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        found = _COLUMNS.search(str(error))
        column = (found.group(1) or found.group(2)).removesuffix("_id") if found else ""
        if column not in problems:
            raise
        raise Invalid([problems[column]]) from error
