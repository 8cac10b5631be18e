"""The users: people who edit, review, coordinate or manage accounts."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied


class User(AbstractUser):
    """A person with an account. What they may do follows from their groups.

    See `editorial/permissions.py`.
    """

    class Meta(AbstractUser.Meta):
        permissions = [("manage_accounts", "Can invite and deactivate people and change groups")]

    @property
    def is_reviewer(self) -> bool:
        """Whether this user may approve, publish and withdraw."""
        return self.has_perm("editorial.review_submission")

    @property
    def is_coordinator(self) -> bool:
        """Whether this user may assign work to others."""
        return self.has_perm("editorial.coordinate_submission")

    @property
    def is_administrator(self) -> bool:
        """Whether this user may manage the accounts of others."""
        return self.has_perm("editorial.manage_accounts")

    def require_reviewer(self) -> None:
        """Raise PermissionDenied unless this user is a reviewer."""
        if not self.is_reviewer:
            raise PermissionDenied("Only a reviewer can do this.")

    def require_administrator(self) -> None:
        """Raise PermissionDenied unless this user is an administrator."""
        if not self.is_administrator:
            raise PermissionDenied("Only an administrator can do this.")
