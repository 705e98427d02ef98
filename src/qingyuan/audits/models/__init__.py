"""The data of the room, an idea a file."""

from qingyuan.audits.models.audit_review import AuditReview
from qingyuan.audits.models.dataset import (
    Dataset,
    DatasetRow,
    DatasetVersion,
    RawAccess,
    RawRead,
    VersionTable,
)
from qingyuan.audits.models.fieldlog import FieldEntry, FieldPhoto, FieldSync, FieldVersion
from qingyuan.audits.models.focus import FocusSheet
from qingyuan.audits.models.question import FigureQuestion
from qingyuan.audits.models.run import Finding, Run, RunFile
from qingyuan.audits.models.scheme import Scheme, SchemeEvent, SchemeFigures, SchemeImport
from qingyuan.audits.models.sheet import EnterpriseSheet, FigureNote

__all__ = [
    "AuditReview",
    "Dataset",
    "DatasetRow",
    "DatasetVersion",
    "EnterpriseSheet",
    "FieldEntry",
    "FieldPhoto",
    "FieldSync",
    "FieldVersion",
    "FigureNote",
    "FigureQuestion",
    "Finding",
    "FocusSheet",
    "RawAccess",
    "RawRead",
    "Run",
    "RunFile",
    "Scheme",
    "SchemeEvent",
    "SchemeFigures",
    "SchemeImport",
    "VersionTable",
]
