"""Record: what editors work on, private and half-finished at will, until it is published."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.module_loading import import_string

from editorial import bodies, conflicts, guards
from editorial.chunks import in_chunks
from editorial.models.edition import Edition

if TYPE_CHECKING:
    from editorial.models.entry import Entry
    from editorial.models.merge import Merge
    from editorial.models.submission import Submission
    from editorial.models.user import User

_IS_PUBLIC = "EXISTS (SELECT FROM editorial_edition WHERE record = OLD.public_id)"


class RecordQuerySet(models.QuerySet["Record"]):
    """Records on their way to the public."""

    def for_rendering(self) -> Self:
        """Fetch with each record every row that its body is rendered from."""
        return self.select_related(None).prefetch_related(*self.model.serializer().prefetch)

    def bodies(self) -> "Iterator[tuple[Record, bytes]]":
        """Yield each record with its body, in constant memory."""
        serializer = self.model.serializer()
        for record in in_chunks(self.for_rendering()):
            yield record, bodies.dump(serializer.to_representation(record))

    def submit(self, by: "User", note: str = "") -> "Submission":
        """Freeze the bodies of these records into one Submission, decided on as one."""
        from editorial.models.submission import Submission

        return Submission.objects.freeze(self, by, note)


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

    @classmethod
    def serializer_class(cls) -> Any:
        """Return the serializer that renders and describes the documents of this type."""
        return import_string(cls.document)

    @classmethod
    def serializer(cls) -> Any:
        """Return the one instance of the serializer that renders bodies of this type."""
        return _serializer(cls)

    @classmethod
    def entries(cls) -> "type[Entry]":
        """Return the class of the entries of this type."""
        return import_string(cls.entry)

    def render(self) -> bytes:
        """Return the body: canonical JSON from this record's own rows, others quoted by id."""
        ((_, body),) = type(self).objects.filter(pk=self.pk).bodies()
        return body

    @property
    def edition(self) -> Edition | None:
        """The newest Edition of this record."""
        return Edition.objects.filter(record=self.public_id).order_by("-version").first()

    def prepare(self) -> None:
        """Complete what a record must have before it can be public. Raises ValidationError."""

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

    def submit(self, by: "User", note: str = "") -> "Submission":
        """Freeze the body of this record into a Submission. Raises ValidationError."""
        return type(self).objects.filter(pk=self.pk).submit(by, note)

    def withdraw(self, by: "User", reason: str) -> "Submission":
        """End the record's public present at once, with a reason that readers are told.

        Raises PermissionDenied where `by` is no reviewer, ValidationError where the record is
        not public or the reason is empty.
        """
        from editorial import publication
        from editorial.models.submission import Act, Submission

        with conflicts.told(), transaction.atomic():
            submission = Submission.objects.at_once(Act.WITHDRAW, self, by, reason)
            if self.edition is None or not self.edition.public:
                raise ValidationError(
                    "It is not public, so it cannot be withdrawn.", code="not_public"
                )
            publication.publish([publication.withdraw(self.type_name, self.public_id, reason)])
        return submission

    def merge(self, into: Self, by: "User", reason: str) -> "Merge":
        """Let this record become `into`, at once: it then answers 308, and its quoters quote that.

        Raises PermissionDenied where `by` is no reviewer, ValidationError where either is not
        public, they are of different types, or the reason is empty.
        """
        from editorial.models.merge import Merge

        return Merge.objects.make(self, into, by, reason)

    def unmerge(self, by: "User", reason: str) -> list[str]:
        """Undo the merge of this record; see `Merge.undo`."""
        from editorial.models.merge import Merge

        merge = Merge.objects.filter(record=self.public_id, undone=None).first()
        if merge is None:
            raise ValidationError("It is not merged, so there is nothing to undo.", code="undone")
        return merge.undo(by, reason)

    def redact(
        self,
        by: "User",
        reason: str,
        *,
        values: Iterable[str] = (),
        fields: Iterable[str] = (),
        whole: bool = False,
    ) -> "Submission":
        """Remove something from this record's present and past, wherever it is kept.

        Give one of: `values`, texts of which every occurrence goes; `fields`, paths of the newest
        document, such as `description`, `individual.birth` or `names[2]`; or the `whole` record.
        Raises PermissionDenied where `by` is no reviewer, ValidationError where the reason is
        empty or tells what is removed, or where nothing of it is found.
        """
        from editorial.redaction import redact

        return redact(self, by, reason, values=values, fields=fields, whole=whole)


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
                func=f"IF {_IS_PUBLIC} AND {guards.unless('redact')} THEN "
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
        from editorial.redaction.refusals import refuse_rows

        super().prepare()
        if not self.slug:
            refuse_rows([self])  # a record that was redacted as a whole gets no slug again
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
def record_types() -> dict[str, type[Record]]:
    """Return every type of record by its word, in an order in which what is quoted comes first.

    The installed apps are listed the other way round, with the most dependent first.
    """
    return {
        model.type_name: model
        for config in reversed(list(apps.get_app_configs()))
        for model in config.get_models()
        if issubclass(model, Record)
    }


@cache
def _serializer(model: type[Record]) -> Any:
    return model.serializer_class()()
