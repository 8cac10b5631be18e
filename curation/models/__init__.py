"""The tables of the admin: open and saved forms, reports, sessions and the log of accounts."""

from curation.models.account_event import AccountEvent, AccountEventKind
from curation.models.open_form import OpenForm
from curation.models.report import Report, ReportKind
from curation.models.saved_form import SavedForm
from curation.models.user_session import UserSession

__all__ = [
    "AccountEvent",
    "AccountEventKind",
    "OpenForm",
    "Report",
    "ReportKind",
    "SavedForm",
    "UserSession",
]
