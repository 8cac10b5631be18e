"""The users, who edit and review."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied


class User(AbstractUser):
    """An editor, a reviewer or both, by group: see `editorial/permissions.py`."""

    @property
    def is_reviewer(self) -> bool:
        """Whether this user may approve, publish and withdraw."""
        return self.has_perm("editorial.review_submission")

    def require_reviewer(self) -> None:
        """Raise PermissionDenied unless this user is a reviewer."""
        if not self.is_reviewer:
            raise PermissionDenied("Only a reviewer can do this.")
