"""The admin classes that other apps use; submissions, releases, reports and users."""

from curation.automatic import AutomaticForm
from curation.base import OCCURRENCE, VALIDITY, MusterAdmin
from curation.editor import EditorAdmin, PartRows
from curation.fields import GuardedForm
from curation.guards import GuardAdmin
from curation.inlines import RowFormSet, RowInline, StackedRowInline
from curation.job_pages import JobAdmin
from curation.nested import NestedFormSet
from curation.parts import PartAdmin, PartInline, StackedPartInline
from curation.records import RecordAdmin
from curation.releases import ReleaseAdmin
from curation.removed import RemovedDataAdmin
from curation.reports import ReportAdmin
from curation.submissions import SubmissionAdmin
from curation.users import AccountAdmin

__all__ = [
    "OCCURRENCE",
    "VALIDITY",
    "AccountAdmin",
    "AutomaticForm",
    "EditorAdmin",
    "GuardAdmin",
    "GuardedForm",
    "JobAdmin",
    "MusterAdmin",
    "NestedFormSet",
    "PartAdmin",
    "PartInline",
    "PartRows",
    "RecordAdmin",
    "ReleaseAdmin",
    "RemovedDataAdmin",
    "ReportAdmin",
    "RowFormSet",
    "RowInline",
    "StackedPartInline",
    "StackedRowInline",
    "SubmissionAdmin",
]
