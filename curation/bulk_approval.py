"""Approving several submissions: a preview with what refuses each, and a result for each."""

from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext

from curation.optimistic_locking import refusal_message
from editorial import comments, workflow
from editorial.models import Submission
from editorial.models.submission import State
from publishing.models import Edition

MAX_SUBMISSIONS = 50
"""How many submissions are approved at once: the preview renders their working rows."""


class Listed(NamedTuple):
    """A submission of the preview or of the result."""

    submission: Any
    name: str
    url: str
    new: int
    """The number of texts of records that were never public."""
    changed: int
    refusal: str
    """Why it cannot be approved; blank if it can."""
    result: str = ""

    @property
    def text_hash(self) -> str:
        """The submission and the hash of all its texts, to which the approval is bound."""
        return f"{self.submission.pk}:{self.submission.sha256}"


def find_refusal(submission: Submission, user: Any) -> str:
    """Return why a user cannot approve a submission without more ado; blank if they can."""
    if submission.state != State.PENDING:
        return gettext("It is %s.") % submission.get_state_display()
    if reason := workflow.why_not_approve(submission, user):
        return reason
    try:
        comments.refuse_blockers(submission)
    except ValidationError as error:
        return " ".join(error.messages)
    if workflow.find_stale(submission.items.all()):
        return gettext("A record was changed after it was submitted.")
    return workflow.explain_uncited(submission)


def count_texts(submission: Submission) -> tuple[int, int]:
    """Return the numbers of texts of new and of public records in a submission."""
    editions = Edition.objects.filter(record=OuterRef("record"))
    items = submission.items.alias(known=Exists(editions))
    return items.filter(known=False).count(), items.filter(known=True).count()


def approve(submission: Submission, user: Any) -> str:
    """Approve and publish a submission in one transaction; return the result in words."""
    try:
        with transaction.atomic():
            workflow.approve(submission, user)
            workflow.publish(submission, user)
    except ValidationError as error:
        return " ".join(error.messages)
    except PermissionDenied as error:
        return str(error)
    except IntegrityError as error:
        return refusal_message(error)
    return gettext("Approved and published.")
