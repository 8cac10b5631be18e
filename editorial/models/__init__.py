"""The models of the editorial workflow: records, submissions, merges, redactions and users."""

from editorial.models.comment import Comment
from editorial.models.imported import ImportedData
from editorial.models.merge import Merge
from editorial.models.record import NamedRecord, Record, SluggedRecord, record_models
from editorial.models.redaction_guard import RedactionGuard
from editorial.models.removed import RemovedData, RemovedRow
from editorial.models.stored_texts import StoredTexts
from editorial.models.submission import Submission, SubmissionItem
from editorial.models.user import User

__all__ = [
    "Comment",
    "ImportedData",
    "Merge",
    "NamedRecord",
    "Record",
    "RedactionGuard",
    "RemovedData",
    "RemovedRow",
    "SluggedRecord",
    "StoredTexts",
    "Submission",
    "SubmissionItem",
    "User",
    "record_models",
]
