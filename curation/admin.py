"""The admin: the base of all its pages, and the pages of submissions and of people.

Every app registers its own models; what a page offers beyond Django's own is told in `verbs`.
"""

from curation.automatic import AutomaticForm
from curation.base import OCCURRENCE, VALIDITY, MusterAdmin
from curation.fields import GuardedForm
from curation.guards import GuardAdmin
from curation.inlines import RowFormSet, RowInline, StackedRowInline
from curation.parts import PartAdmin, PartInline, StackedPartInline
from curation.records import RecordAdmin
from curation.releases import ReleaseAdmin
from curation.submissions import SubmissionAdmin
from curation.users import AccountAdmin

__all__ = [
    "OCCURRENCE",
    "VALIDITY",
    "AccountAdmin",
    "AutomaticForm",
    "GuardAdmin",
    "GuardedForm",
    "MusterAdmin",
    "PartAdmin",
    "PartInline",
    "RecordAdmin",
    "ReleaseAdmin",
    "RowFormSet",
    "RowInline",
    "StackedPartInline",
    "StackedRowInline",
    "SubmissionAdmin",
]
