"""ExternalId: what another system calls a record."""

from django.db import models

from publishing.bidi import isolate
from publishing.fields import WordField
from sources.codes import Match, Scheme


class ExternalId(models.Model):
    """An id in another system; each model that has any has its own subclass."""

    scheme = WordField(Scheme, help_text="The other system.")
    value = models.CharField(max_length=200, help_text="The id there.")
    match = WordField(
        Match, default=Match.EXACT, help_text="How what the other system means relates to it."
    )

    class Meta:
        abstract = True
        ordering = ["scheme", "value", "pk"]
        constraints = [
            models.UniqueConstraint(
                "scheme",
                "value",
                condition=models.Q(match=Match.EXACT),
                name="%(class)s_exact_names_one",
                violation_error_message="This id already names another record exactly.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{isolate(self.value)}"
