"""A pilot and what belongs to it."""

from qingyuan.pilots.models.certificate import CertificateRequest
from qingyuan.pilots.models.comment import PrefectureComment
from qingyuan.pilots.models.content import Answer, Attachment, Chapter, ScopeEntry, Target
from qingyuan.pilots.models.editor import (
    ChapterPicture,
    ChapterPresence,
    ChapterRemark,
    ChapterRevision,
    RemarkReply,
)
from qingyuan.pilots.models.extent import Boundary, KeyTask, Reach, RegionPlace, Section, WaterClass
from qingyuan.pilots.models.forwarding import ForwardingOpinion, PrefectureForwarding
from qingyuan.pilots.models.joint import JointMeeting, JointParty
from qingyuan.pilots.models.pilot import Pilot, SignOff
from qingyuan.pilots.models.returned import SupplementRequest
from qingyuan.pilots.models.schedule import Milestone, Output
from qingyuan.pilots.models.submission import Submission

__all__ = [
    "Answer",
    "Attachment",
    "Boundary",
    "CertificateRequest",
    "Chapter",
    "ChapterPicture",
    "ChapterPresence",
    "ChapterRemark",
    "ChapterRevision",
    "ForwardingOpinion",
    "JointMeeting",
    "JointParty",
    "KeyTask",
    "Milestone",
    "Output",
    "Pilot",
    "PrefectureComment",
    "PrefectureForwarding",
    "Reach",
    "RegionPlace",
    "RemarkReply",
    "ScopeEntry",
    "Section",
    "SignOff",
    "Submission",
    "SupplementRequest",
    "Target",
    "WaterClass",
]
