"""The people who edit and review."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied


class User(AbstractUser):
    """An editor, a reviewer or both, by group; `editorial/permissions.py` says what each may do."""

    @property
    def is_reviewer(self) -> bool:
        """Whether this person may approve, publish and withdraw."""
        return self.has_perm("editorial.review_submission")

    def require_reviewer(self) -> None:
        """Raise PermissionDenied unless this person reviews."""
        if not self.is_reviewer:
            raise PermissionDenied("Only a reviewer can do this.")
