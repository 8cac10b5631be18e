"""System checks: that the dotted paths of records lead somewhere."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from editorial.models import record_types


@register
def dotted_paths(**_: Any) -> list[CheckMessage]:
    """Refuse a record whose serializer or entry cannot be found."""
    errors: list[CheckMessage] = []
    for model in record_types().values():
        for path in (model.document, model.entry):
            try:
                import_string(path)
            except ImportError as error:
                errors.append(Error(str(error), obj=model, id="editorial.E001"))
    return errors
