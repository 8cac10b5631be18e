"""Two people at the same records at the same moment: one is told so, and has done nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from psycopg import errors

_CONFLICTS = (errors.UniqueViolation, errors.DeadlockDetected)


@contextmanager
def as_validation_error() -> Iterator[None]:
    """Raise ValidationError where the database refuses what another transaction forestalled.

    That is a record that another submission took, or a slug that another record took, since they
    were looked for; and two transactions that waited for each other. Stands around the
    transaction, which is undone by then.
    """
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        if not isinstance(error.__cause__, _CONFLICTS):
            raise
        raise ValidationError(
            "Somebody else acts on the same records at this moment: nothing was done. Look at "
            "what they did, then try again.",
            code="conflict",
        ) from error
