from qingyuan.delivery.models.acceptance import (
    AcceptanceFiling,
    Rectification,
    RectificationEvidence,
    RectificationItem,
)
from qingyuan.delivery.models.account import (
    AccountStatement,
    Assumption,
    CoverageFigure,
    EffortEntry,
    LogDeclaration,
)
from qingyuan.delivery.models.archive import ArchiveVolume
from qingyuan.delivery.models.change import ChangeRequest
from qingyuan.delivery.models.commendation import (
    Commendation,
    CommendationConsent,
    CommendedBody,
    CommendedPerson,
)
from qingyuan.delivery.models.conclusion import Conclusion, ConclusionExclusion
from qingyuan.delivery.models.credit import CreditBatch
from qingyuan.delivery.models.deviation import DeviationNote
from qingyuan.delivery.models.library import Practice, PracticeTag
from qingyuan.delivery.models.output import Output, OutputFile, OutputVersion
from qingyuan.delivery.models.phase import PhaseChange
from qingyuan.delivery.models.project import Baseline, Project, ScopeEnterprise
from qingyuan.delivery.models.promotion import Promotion, Support
from qingyuan.delivery.models.report import (
    ProgressReport,
    ReportDecision,
    ReportEvidence,
    ReportingRhythm,
    ReportVersion,
)
from qingyuan.delivery.models.summary import Summary, SummaryChapter

__all__ = [
    "AcceptanceFiling",
    "AccountStatement",
    "ArchiveVolume",
    "Assumption",
    "Baseline",
    "ChangeRequest",
    "Commendation",
    "CommendationConsent",
    "CommendedBody",
    "CommendedPerson",
    "Conclusion",
    "ConclusionExclusion",
    "CoverageFigure",
    "CreditBatch",
    "DeviationNote",
    "EffortEntry",
    "LogDeclaration",
    "Output",
    "OutputFile",
    "OutputVersion",
    "PhaseChange",
    "Practice",
    "PracticeTag",
    "ProgressReport",
    "Project",
    "Promotion",
    "Rectification",
    "RectificationEvidence",
    "RectificationItem",
    "ReportDecision",
    "ReportEvidence",
    "ReportVersion",
    "ReportingRhythm",
    "ScopeEnterprise",
    "Summary",
    "SummaryChapter",
    "Support",
]
