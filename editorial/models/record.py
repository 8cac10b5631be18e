"""Records: the private rows that editors work on and publish."""

import re
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.text import slugify

from publishing import documents
from publishing.bidi import isolate
from publishing.bulk import read_chunks
from publishing.fields import LineField, LinesField, SearchKeyField
from publishing.models.edition import Edition
from publishing.normalization import fold_text
from publishing.registry import Registration, record_types, register
from publishing.rendering import fetch_rows
from publishing.triggers import unless_allowed

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RESERVED_SLUGS = ("documents", "lookup")
"""The slugs that no record may have: the addresses of the API that stand where a slug would."""
_IS_PUBLIC = "EXISTS (SELECT FROM publishing_edition WHERE record = OLD.public_id)"


class RecordQuerySet(models.QuerySet["Record"]):
    """A query set of records of one type."""

    def render_bodies(self) -> "Iterator[tuple[Record, bytes]]":
        """Yield each record with its body, in constant memory."""
        serializer = self.model.serializer()
        for records in read_chunks(self.select_related(None)):
            fetch_rows(records, serializer.prefetch)
            for record in records:
                yield record, documents.dump(serializer.to_representation(record))


class Record(models.Model):
    """A row that can be published, with its parts; one subclass per type.

    A row with a CASCADE foreign key to a record is a part of it; a PROTECT foreign key is a
    reference to it. The serializer and the entry are dotted paths, since models do not import DRF.
    """

    type_name: ClassVar[str]
    """The name of the type in the API, in references and in the feed."""
    document: ClassVar[str]
    """The dotted path of the serializer that renders and describes documents."""
    entry: ClassVar[str]
    """The dotted path of the index entry."""
    ref_kind: ClassVar[str | None] = "kind"
    """The property of the document that is `kind` in a reference."""
    ref_name: ClassVar[str | None] = "name"
    """The property of the document that is `name` in a reference."""
    slug_from: ClassVar[tuple[str, ...]] = ("name",)
    """The properties of the document that the slug is made from, if the type has slugs."""
    ref_more: ClassVar[tuple[str, ...]] = ()
    """More properties of the document that a reference contains."""

    public_id = models.UUIDField(
        "public id",
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="A random id that never changes.",
    )
    internal_note = LinesField(blank=True, help_text="A note for editors: it is never published.")

    objects: ClassVar[RecordQuerySet] = RecordQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True
        triggers = [
            pgtrigger.Trigger(
                name="public_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func=f"IF {_IS_PUBLIC} THEN RAISE integrity_constraint_violation USING MESSAGE = "
                "'A record that has been public cannot be deleted: withdraw it instead.'; END IF; "
                "RETURN OLD;",
            ),
            pgtrigger.Trigger(
                name="id_stays",
                # A BEFORE trigger would lock the row against inserting references to it.
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("public_id"),
                condition=pgtrigger.Q(old__public_id__df=pgtrigger.F("new__public_id")),
                func="RAISE integrity_constraint_violation USING MESSAGE = "
                "'A public id never changes.';",
            ),
        ]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Register a type of record."""
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
        """Return the label of the record with a public id for editors; None if there is none."""
        record = cls.objects.filter(public_id=public_id).first()
        return str(record) if record else None

    def render(self) -> bytes:
        """Return the body: canonical JSON of the record and its parts, with references by id."""
        ((_, body),) = type(self).objects.filter(pk=self.pk).render_bodies()
        return body

    @property
    def edition(self) -> Edition | None:
        """The newest Edition of this record."""
        return Edition.objects.filter(record=self.public_id).order_by("-version").first()

    def prepare(self) -> None:
        """Complete the record before it is submitted. Raises ValidationError."""

    @classmethod
    def keep_former_names(cls, keys: Collection[int]) -> None:
        """Add the public names of renamed records to their other names."""

    @classmethod
    def refuse(cls, faults: Iterable[tuple[UUID, str]]) -> None:
        """Raise ValidationError with the label of each faulty record and the reason, if any."""
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
    def change_carried(cls, name: str, item: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values that change in an item of a list that a merge carries over."""
        return {}

    def explain_merge(self, other: Any) -> list[str]:
        """Return what would be doubtful after a merge with another record of this type."""
        return []

    @classmethod
    def check_submitted(cls, keys: Collection[int]) -> None:
        """Check the rules that span records: the submitted working rows over all that is public.

        Called when records are submitted. Raises ValidationError.
        """

    @classmethod
    def check_public(cls, records: Collection[str]) -> None:
        """Check the rules that span records, of some records, against all that is public.

        Called under the publication lock, after the records are published: raising ValidationError
        rolls the publication back.
        """


class SluggedRecord(Record):
    """A record with a slug, which does not change after the first publication."""

    slug = models.SlugField(
        max_length=120,
        unique=True,
        null=True,
        blank=True,
        help_text="Readable address, in lowercase, which does not change after the first "
        "publication. If left empty, it is generated when the record is submitted.",
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
                "'A slug cannot change after the first publication.'; END IF; RETURN NEW;",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="%(class)s_slug_lowercase",
                violation_error_message="A slug consists of lowercase letters, digits and hyphens.",
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__regex=f"^{_UUID.pattern}$"),
                name="%(class)s_slug_no_id",
                violation_error_message="A slug cannot have the form of a public id.",
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__in=RESERVED_SLUGS),
                name="%(class)s_slug_not_reserved",
                violation_error_message="“documents” and “lookup” are addresses of the API. Use "
                "another slug.",
            ),
        ]

    def make_slug(self) -> str:
        """Return a slug for this record, which need not be unique."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Give the record a unique slug if it has none."""
        super().prepare()
        if not self.slug:
            slug = self.make_slug()[:100].rstrip("-")
            if not slug or _UUID.fullmatch(slug):  # a name without letters, or that reads as an id
                slug = f"{self.type_name}-{self.public_id.hex[:8]}"
            self.slug = self._make_unique(slug)
            self.save(update_fields=["slug"])

    def _make_unique(self, slug: str) -> str:
        similar = type(self).objects.filter(slug__startswith=slug)
        taken = {*similar.values_list("slug", flat=True), *RESERVED_SLUGS}
        numbered = (f"{slug}-{n}" for n in range(2, len(taken) + 3))
        return next(free for free in (slug, *numbered) if free not in taken)

    def clean(self) -> None:
        super().clean()
        self.slug = self.slug or None


class NamedRecord(SluggedRecord):
    """A record with a main name, and with rows for its other names.

    After a rename, the last public name stays as another name, so that readers still find the
    record by it.
    """

    alias: ClassVar[Mapping[str, str]]
    """The columns of the row for the name of a merged record, other than its text."""
    former_name: ClassVar[Mapping[str, str]]
    """The columns of the row for a former name, other than its text."""

    name = LineField(max_length=300, help_text="The main name, in English or in Latin letters.")
    search_key = SearchKeyField("name")
    dropped_name = LineField(
        max_length=300,
        blank=True,
        help_text="A rename keeps the public name as another name. To drop it, because it was a "
        "mistake or must not stay public, enter it here.",
    )

    class Meta(SluggedRecord.Meta):
        abstract = True

    def __str__(self) -> str:
        return isolate(self.name)

    def make_slug(self) -> str:
        return slugify(fold_text(self.name))

    @classmethod
    def find_former_names(cls, keys: Iterable[int]) -> Iterator[tuple[Self, str]]:
        """Yield each renamed record with its public name, unless its other names have it.

        Names that an editor dropped are left out.
        """
        records = {record.public_id: record for record in cls._default_manager.filter(pk__in=keys)}
        public = Edition.objects.newest_of(records).filter(public=True)
        names = public.values_list(
            "record", KeyTextTransform("name", Cast("reference", models.JSONField()))
        )
        for public_id, name in names:
            record: Any = records[public_id]
            if (
                name not in (record.name, record.dropped_name)
                and documents.REDACTED not in name
                and not record.names.filter(text=name).exists()
            ):
                yield record, name

    @classmethod
    def keep_former_names(cls, keys: Collection[int]) -> None:
        record: Any
        for record, name in cls.find_former_names(keys):
            record.names.create(text=name, **cls.former_name)


@cache
def record_models() -> dict[str, type[Record]]:
    """Return the model of every type of record by its name, in the order of `record_types`."""
    by_name = {model.type_name: model for model in apps.get_models() if issubclass(model, Record)}
    return {name: by_name[name] for name in record_types()}


def referencing_fields(model: type[Record]) -> list[tuple[type[models.Model], models.Field]]:
    """Return each model and column that references records of a type."""
    return [
        (relation.related_model, relation.field)
        for relation in model._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.PROTECT
    ]
