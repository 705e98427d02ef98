"""The data of the room, an idea a file."""

from qingyuan.audits.models.dataset import (
    Dataset,
    DatasetRow,
    DatasetVersion,
    RawAccess,
    RawRead,
    VersionTable,
)
from qingyuan.audits.models.scheme import Scheme, SchemeEvent, SchemeFigures, SchemeImport

__all__ = [
    "Dataset",
    "DatasetRow",
    "DatasetVersion",
    "RawAccess",
    "RawRead",
    "Scheme",
    "SchemeEvent",
    "SchemeFigures",
    "SchemeImport",
    "VersionTable",
]
