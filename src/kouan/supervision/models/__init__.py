"""Rows of supervision, by subject: documents, the ledger, reports, warnings and inspections, the conference."""

from kouan.supervision.models.conference import (
    AnnualPlan,
    Attendance,
    Conference,
    CoordinationCase,
    Decision,
    JointInspection,
    Meeting,
    Position,
    Seat,
    Topic,
)
from kouan.supervision.models.documents import Correction, PolicyDocument, ReadingVersion
from kouan.supervision.models.inspecting import FollowUpRules, FormalInspection, Warning
from kouan.supervision.models.ledger import (
    Evidence,
    Extension,
    HandOver,
    Measure,
    Node,
    Responsibility,
    Target,
    Task,
)
from kouan.supervision.models.reports import Report, ReportLine

__all__ = [
    "AnnualPlan",
    "Attendance",
    "Conference",
    "CoordinationCase",
    "Correction",
    "Decision",
    "Evidence",
    "Extension",
    "FollowUpRules",
    "FormalInspection",
    "HandOver",
    "JointInspection",
    "Measure",
    "Meeting",
    "Node",
    "PolicyDocument",
    "Position",
    "ReadingVersion",
    "Report",
    "ReportLine",
    "Responsibility",
    "Seat",
    "Target",
    "Task",
    "Topic",
    "Warning",
]
