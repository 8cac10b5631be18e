"""Record: what editors work on, private and half-finished at will, until it is published."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from publishing import documents
from publishing.bulk import iterate_in_chunks
from publishing.models.edition import Edition
from publishing.registry import Registration, record_types, register
from publishing.triggers import unless_allowed

_IS_PUBLIC = "EXISTS (SELECT FROM publishing_edition WHERE record = OLD.public_id)"


class RecordQuerySet(models.QuerySet["Record"]):
    """Records on their way to the public."""

    def for_rendering(self) -> Self:
        """Fetch with each record every row that its body is rendered from."""
        return self.select_related(None).prefetch_related(*self.model.serializer().prefetch)

    def render_bodies(self) -> "Iterator[tuple[Record, bytes]]":
        """Yield each record with its body, in constant memory."""
        serializer = self.model.serializer()
        for record in iterate_in_chunks(self.for_rendering()):
            yield record, documents.dump(serializer.to_representation(record))


class Record(models.Model):
    """A row that can be published, with its child rows; one subclass per type.

    A CASCADE foreign key to a record makes a row part of it, a PROTECT one quotes it. A record
    names its serializer and its entry by dotted path, as models import no DRF.
    """

    type_name: ClassVar[str]
    """The word for the type in the API, in refs and in the feed."""
    document: ClassVar[str]
    """Dotted path of the serializer that renders and describes the document."""
    entry: ClassVar[str]
    """Dotted path of the Entry that documents are found by."""
    ref_kind: ClassVar[str | None] = "kind"
    """The property of the document that a ref gives as `kind`."""
    ref_name: ClassVar[str | None] = "name"
    """The property of the document that a ref gives as `name`."""
    slug_from: ClassVar[tuple[str, ...]] = ("name",)
    """The properties of the document that a slug tells of, where the type has one."""
    ref_more: ClassVar[tuple[str, ...]] = ()
    """Further properties of the document that a ref of this type gives."""

    public_id = models.UUIDField(
        "public id",
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="Random, and the same for ever.",
    )
    internal_note = models.TextField(
        blank=True, help_text="For the desk alone: it is never published."
    )

    objects: ClassVar[RecordQuerySet] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="public_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"IF {_IS_PUBLIC} THEN RAISE integrity_constraint_violation USING MESSAGE = "
                "'What has been public cannot be deleted: withdraw it instead.'; END IF; "
                "RETURN OLD;",
            ),
            pgtrigger.Trigger(
                name="id_stays",
                when=pgtrigger.After,  # before, it would lock out who quotes the record
                operation=pgtrigger.UpdateOf("public_id"),
                condition=pgtrigger.Q(old__public_id__df=pgtrigger.F("new__public_id")),
                func="RAISE integrity_constraint_violation USING MESSAGE = "
                "'A public id never changes.';",
            ),
        ]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter a type of record into the registry."""
        super().__init_subclass__(**kwargs)
        if "type_name" in vars(cls):
            register(
                Registration(
                    name=cls.type_name,
                    serializer_path=cls.document,
                    entry_path=cls.entry,
                    ref_kind=cls.ref_kind,
                    ref_name=cls.ref_name,
                    ref_more=cls.ref_more,
                    check_public=cls.check_public,
                    label=cls.find_label,
                )
            )

    @classmethod
    def serializer(cls) -> Any:
        """Return the one instance of the serializer that renders bodies of this type."""
        return record_types()[cls.type_name].serializer

    @classmethod
    def find_label(cls, public_id: str) -> str | None:
        """Return what editors call the record with a public id; None where there is none."""
        record = cls.objects.filter(public_id=public_id).first()
        return str(record) if record else None

    def render(self) -> bytes:
        """Return the body: canonical JSON from this record's own rows, others quoted by id."""
        ((_, body),) = type(self).objects.filter(pk=self.pk).render_bodies()
        return body

    @property
    def edition(self) -> Edition | None:
        """The newest Edition of this record."""
        return Edition.objects.filter(record=self.public_id).order_by("-version").first()

    def prepare(self) -> None:
        """Complete what a record must have before it can be public. Raises ValidationError."""

    @classmethod
    def refuse(cls, faults: Iterable[tuple[UUID, str]]) -> None:
        """Raise ValidationError with each record that has a fault, and its reason, if any has."""
        reasons = list(faults)
        if reasons:
            rows = cls.objects.filter(public_id__in=[public_id for public_id, _ in reasons])
            labels = {row.public_id: str(row) for row in rows.select_related()}
            raise ValidationError(
                [
                    ValidationError(f"{labels[public_id]}: {reason}", code=cls.type_name)
                    for public_id, reason in reasons
                ]
            )

    @classmethod
    def check_submitted(cls, keys: Collection[int]) -> None:
        """Check the rules that span records, of the working rows of a batch, over what is public.

        Asked when they are submitted. Raises ValidationError.
        """

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        """Check the rules that span records, of some records, against all that is public.

        Asked under the publication lock, when they are public already: raising ValidationError
        undoes that.
        """


class SluggedRecord(Record):
    """A record with a readable address, fixed at its first publication."""

    slug = models.SlugField(
        max_length=120,
        unique=True,
        null=True,
        blank=True,
        help_text="Readable address, in lowercase; made up at submission when left empty, fixed "
        "from the first publication on.",
    )

    class Meta(Record.Meta):
        abstract = True
        triggers = [
            *Record.Meta.triggers,
            pgtrigger.Trigger(
                name="slug_stays",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("slug"),
                condition=pgtrigger.Q(old__slug__df=pgtrigger.F("new__slug")),
                func=f"IF {_IS_PUBLIC} AND {unless_allowed('redact')} THEN "
                "RAISE integrity_constraint_violation USING MESSAGE = "
                "'A slug is fixed from the first publication on.'; END IF; RETURN NEW;",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="%(class)s_slug_lowercase",
                violation_error_message="A slug is made of lowercase letters, digits and hyphens.",
            )
        ]

    def make_slug(self) -> str:
        """Return a slug for this record; the caller makes it unique."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Give the record a slug that no other has, where it has none."""
        super().prepare()
        if not self.slug:
            self.slug = self._free(self.make_slug()[:100].rstrip("-"))
            self.save(update_fields=["slug"])

    def _free(self, wanted: str) -> str:
        taken = set(
            type(self).objects.filter(slug__startswith=wanted).values_list("slug", flat=True)
        )
        numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
        return next(slug for slug in (wanted, *numbered) if slug not in taken)

    def clean(self) -> None:
        super().clean()
        self.slug = self.slug or None


@cache
def record_models() -> dict[str, type[Record]]:
    """Return the model of every type of record by its word, in the order of `record_types`."""
    models_of_records = (model for model in apps.get_models() if issubclass(model, Record))
    by_word = {model.type_name: model for model in models_of_records}
    return {word: by_word[word] for word in record_types()}


def referencing_fields(model: type[Record]) -> list[tuple[type[models.Model], models.Field]]:
    """Return the models that quote records of a type, each with a column that does."""
    return [
        (relation.related_model, relation.field)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT
    ]
