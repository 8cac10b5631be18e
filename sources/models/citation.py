"""Citation: the passage of a source on which a row, or one field of it, is founded."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models

from editorial.fields import WordField
from sources.codes import LocatorKind, Stance


class Citation(models.Model):
    """One passage cited for one row; each citable model has its own subclass.

    The subclass adds the foreign key to what it supports, with related name `citations`.
    """

    source = models.ForeignKey(
        "sources.Source", models.PROTECT, related_name="+", help_text="What is cited."
    )
    field = models.CharField(
        max_length=40, blank=True, help_text="The field it supports; blank: the whole row."
    )
    stance = WordField(
        Stance, default=Stance.SUPPORTS, help_text="What the source does to what it is cited for."
    )
    locator_kind = WordField(
        LocatorKind,
        default=LocatorKind.UNKNOWN,
        help_text="By what the passage is found in the source.",
    )
    locator = models.CharField(
        max_length=100, blank=True, help_text="Where the passage is, such as a page number."
    )
    quote = models.TextField(blank=True, help_text="The passage, word for word.")
    quote_language = models.CharField(
        max_length=35, blank=True, help_text="The language of the quote, as BCP 47: ar, en, ckb."
    )
    translation = models.TextField(blank=True, help_text="The passage in English.")

    class Meta:
        abstract = True
        ordering = ["field", "pk"]

    def __str__(self) -> str:
        return self.quote[:60] or f"citation {self.pk}"

    def clean(self) -> None:
        super().clean()
        if self.field:
            cited: Any = next(f for f in self._meta.fields if f.is_relation and f.name != "source")
            try:
                cited.related_model._meta.get_field(self.field)
            except FieldDoesNotExist as error:
                raise ValidationError(
                    {"field": f"{cited.verbose_name} has no field “{self.field}”."}
                ) from error
