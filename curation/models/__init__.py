"""The tables of the admin: saved forms, reports of readers, sessions and the log of accounts."""

from curation.models.account_event import AccountEvent, AccountEventKind
from curation.models.report import Report, ReportKind
from curation.models.saved_form import SavedForm
from curation.models.user_session import UserSession

__all__ = ["AccountEvent", "AccountEventKind", "Report", "ReportKind", "SavedForm", "UserSession"]
