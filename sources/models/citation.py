"""Citation: the passage of a source on which a row, or one field of it, is founded."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from publishing.bidi import isolate
from publishing.fields import LanguageField, WordField
from sources.codes import LocatorKind, Stance

_PRIVATE = ["id", "public_id", "slug", "internal_note", "private_place"]
"""Columns that are no matter of readers: that one is cited would tell them that it says something.
"""


class Citation(models.Model):
    """One passage cited for one row; each citable model has its own subclass.

    The subclass adds the foreign key to what it supports, with related name `citations`.
    """

    needs = ("source", "field")
    identified_by = ("quote",)
    """By what a redaction knows a citation again that it removed: its source may be cited anew."""

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
    quote_language = LanguageField(
        blank=True, help_text="The language of the quote, as BCP 47: ar, en, ckb."
    )
    translation = models.TextField(blank=True, help_text="The passage in English.")

    class Meta:
        abstract = True
        ordering = ["field", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(field__in=_PRIVATE),
                name="%(class)s_field_public",
                violation_error_message="Readers are told the field that is cited: name a public "
                "one, or none.",
            )
        ]

    def __str__(self) -> str:
        return isolate(self.quote[:60]) or f"citation {self.pk}"

    def clean(self) -> None:
        super().clean()
        known = [field.name for field in self.citable()]
        if self.field and self.field not in known:
            raise ValidationError(
                {"field": f"There is no field “{self.field}” to cite: there are {', '.join(known)}"}
            )

    @classmethod
    def citable(cls) -> list[models.Field]:
        """Return the columns of the row that is cited for, as far as readers are told them."""
        cited: Any
        (cited,) = [f for f in cls._meta.fields if f.is_relation and f.name != "source"]
        return [
            field
            for field in cited.related_model._meta.fields
            if field.editable
            and field.name not in _PRIVATE
            and getattr(field.remote_field, "on_delete", None) is not models.CASCADE
        ]
