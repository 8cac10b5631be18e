"""Conflicts of two people who change the same records at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from psycopg import errors

_CONFLICTS = (errors.UniqueViolation, errors.DeadlockDetected)


@contextmanager
def as_validation_error() -> Iterator[None]:
    """Raise ValidationError if the database refuses a transaction because of a concurrent one.

    The other transaction submitted the same record or took the same slug after this one checked,
    or the two waited for each other. This goes around the transaction, so that it is rolled back
    before the error is raised.
    """
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        if not isinstance(error.__cause__, _CONFLICTS):
            raise
        raise ValidationError(
            "Somebody else changed the same records at the same time, so nothing was saved. "
            "Check their changes, then try again.",
            code="conflict",
        ) from error
