"""Deactivating an account: the history keeps the name, and somebody else continues the work."""

from django.core.exceptions import ValidationError
from django.db import transaction

from curation.accounts.sessions import end_sessions
from editorial.models import Submission, User
from editorial.models.submission import OPEN, Act


def find_open_work(person: User) -> list[Submission]:
    """Return the submissions that wait for a decision and that somebody submitted or took over."""
    waiting = Submission.objects.filter(act=Act.PUBLISH, state__in=OPEN)
    return list(waiting.for_person(person).order_by("pk"))


@transaction.atomic
def deactivate(person: User, to: User | None) -> int:
    """Deactivate an account, end its sessions, and hand its open submissions over to somebody.

    Who submitted them stays in the history. Return how many were handed over. Raises
    ValidationError if nobody else is given, or somebody without an active account.
    """
    person.refresh_from_db(from_queryset=User.objects.select_for_update())
    if to is not None and (to == person or not to.is_active):
        raise ValidationError("Choose another person with an active account.", code="person")
    work = find_open_work(person)
    if to is not None:
        for submission in work:
            submission.hand_over(to)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions(person)
    return len(work) if to is not None else 0
