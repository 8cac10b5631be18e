"""In whose name a command works."""

from django.core.management.base import CommandError

from editorial.models import User


def named(username: str) -> User:
    """Return a user who may edit. Raises CommandError."""
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user “{username}”.")
    if not user.has_perm("editorial.view_submission"):
        raise CommandError(f"“{username}” is in neither group, editor or reviewer.")
    return user


def refuse_same(submit_as: str | None, approve_as: str | None) -> None:
    """Refuse an approval without a submission, or by who submits. Raises CommandError."""
    if approve_as and not submit_as:
        raise CommandError("Say with --submit-as in whose name it is submitted.")
    if approve_as and approve_as == submit_as:
        raise CommandError("Four eyes: name another user to approve than to submit.")
