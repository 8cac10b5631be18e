"""The four ideas everything stands on: Record, Submission, Edition, Entry; and who edits."""

from editorial.models.dated import Occurrence, Validity
from editorial.models.edition import Edition, Quotation
from editorial.models.entry import (
    FOREVER,
    DatedEntry,
    Entry,
    EntryQuerySet,
    EntryRow,
    NamedEntry,
    SideEntry,
)
from editorial.models.guard import RedactionGuard
from editorial.models.item import SubmissionItem
from editorial.models.kept import Kept
from editorial.models.merge import Merge
from editorial.models.record import Record, SluggedRecord, record_types
from editorial.models.release import Release
from editorial.models.saved_form import SavedForm
from editorial.models.submission import Submission
from editorial.models.user import User

__all__ = [
    "FOREVER",
    "DatedEntry",
    "Edition",
    "Entry",
    "EntryQuerySet",
    "EntryRow",
    "Kept",
    "Merge",
    "NamedEntry",
    "Occurrence",
    "Quotation",
    "Record",
    "RedactionGuard",
    "Release",
    "SavedForm",
    "SideEntry",
    "SluggedRecord",
    "Submission",
    "SubmissionItem",
    "User",
    "Validity",
    "record_types",
]
