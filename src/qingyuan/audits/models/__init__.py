"""The data of the room, an idea a file."""

from qingyuan.audits.models.dataset import (
    Dataset,
    DatasetRow,
    DatasetVersion,
    RawAccess,
    RawRead,
    VersionTable,
)

__all__ = ["Dataset", "DatasetRow", "DatasetVersion", "RawAccess", "RawRead", "VersionTable"]
