"""System checks of the dotted paths that records declare and of the key of redaction guards."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.module_loading import import_string

from publishing.registry import record_types


@register
def check_dotted_paths(**_: Any) -> list[CheckMessage]:
    """Report a record whose serializer or entry cannot be imported."""
    errors: list[CheckMessage] = []
    for type_ in record_types().values():
        for path in (type_.serializer_path, type_.entry_path):
            try:
                import_string(path)
            except ImportError as error:
                errors.append(Error(str(error), obj=type_.name, id="editorial.E001"))
    return errors


@register
def check_guard_key(**_: Any) -> list[CheckMessage]:
    """Report a guard key that is short enough to guess."""
    if len(settings.GUARD_KEY) >= 32:
        return []
    hint = "Give at least 32 random characters, or leave it out: then a key is generated once."
    return [Error("MUSTER_GUARD_KEY is too short.", hint=hint, id="editorial.E002")]


@register(Tags.database)
def check_foreign_guards(databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Report redaction guards that were made with another key, so they match nothing."""
    from editorial.redaction.guards import require_key

    if not databases:
        return []
    try:
        require_key()
    except DatabaseError:  # no table yet
        return []
    except ValidationError as error:
        return [Error(error.messages[0], id="editorial.E003")]
    return []
