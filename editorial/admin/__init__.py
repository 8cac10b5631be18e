"""The admin: the base of all its pages, and the pages of submissions and of people.

Every app registers its own models; what a page offers beyond Django's own is told in `verbs`.
"""

from editorial.admin.automatic import AutomaticForm
from editorial.admin.base import OCCURRENCE, VALIDITY, MusterAdmin
from editorial.admin.fields import GuardedForm
from editorial.admin.guards import GuardAdmin
from editorial.admin.inlines import RowFormSet, RowInline, StackedRowInline
from editorial.admin.parts import PartAdmin, PartInline, StackedPartInline
from editorial.admin.people import PeopleAdmin
from editorial.admin.records import RecordAdmin
from editorial.admin.releases import ReleaseAdmin
from editorial.admin.submissions import SubmissionAdmin

__all__ = [
    "OCCURRENCE",
    "VALIDITY",
    "AutomaticForm",
    "GuardAdmin",
    "GuardedForm",
    "MusterAdmin",
    "PartAdmin",
    "PartInline",
    "PeopleAdmin",
    "RecordAdmin",
    "ReleaseAdmin",
    "RowFormSet",
    "RowInline",
    "StackedPartInline",
    "StackedRowInline",
    "SubmissionAdmin",
]
