"""The tables of the admin: saved forms, and the reports of readers."""

from curation.models.report import Report, ReportKind
from curation.models.saved_form import SavedForm

__all__ = ["Report", "ReportKind", "SavedForm"]
