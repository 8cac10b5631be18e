"""Redaction: removal from the present and the past of a record, in one transaction.

A redaction cleans every Edition, index entry, submission, working row, audit row and log entry of
the admin, and all references to the record in current and past documents of others. Older dumps,
exports and mirrors are not cleaned; mirrors learn of the redaction from the feed. For some days
what it removed stays in a private table: see `editorial.redaction.restoring`.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from editorial import audit
from editorial.models.imported import ImportedData
from editorial.models.merge import Merge
from editorial.models.record import Record
from editorial.models.redaction_guard import GuardKind, RedactionGuard
from editorial.models.submission import Act, Submission
from editorial.models.user import User
from editorial.redaction import (
    admin_log,
    facts,
    guards,
    matching,
    stored_texts,
    submissions,
    working_rows,
)
from editorial.redaction.keeping import Keeper
from editorial.redaction.removal import FieldRemoval, Removal, TextRemoval, path_of
from editorial.workflow import publish_changes, record_act
from publishing import completion, documents, publication, rebuilding
from publishing.bidi import remove_isolates
from publishing.bulk import iterate_in_chunks
from publishing.codes import EditionKind
from publishing.documents import REDACTED
from publishing.models.edition import Edition, Reference
from publishing.serializers import ENVELOPE
from publishing.triggers import allow

WHOLE_RECORD = "*"
"""The path that means the whole record."""


def redact(
    record: Record,
    by: User,
    reason: str,
    *,
    values: Iterable[str] = (),
    fields: Iterable[str] = (),
    whole: bool = False,
) -> Submission:
    """Remove texts, fields or a whole record, in the present and the past.

    Give one of these: `values`, texts of which every occurrence is removed; `fields`, paths of the
    newest document, such as `description`, `individual.birth` or `names[2]`; or `whole`.
    Raises PermissionDenied if `by` is no reviewer, ValidationError if the reason is empty or
    reveals what is removed, or if there is nothing to remove.
    """
    by.require_reviewer()
    texts = [remove_isolates(value) for value in values if value.strip()]
    paths = [path for path in fields if path.strip()]
    if not reason.strip():
        raise ValidationError("Give the reason: it is published.", code="reason")
    if (bool(texts), bool(paths), whole).count(True) != 1:
        raise ValidationError(
            "Choose what to remove: texts, fields, or the whole record.", code="what"
        )
    with allow("redact"), audit.mark_act(by, "redact"):
        _wait_for_writers(record)
        publication.acquire_lock()
        removal: Removal | None = None
        if texts:
            removal = TextRemoval(texts)
            if removal.clean_text(reason) != reason:
                raise _make_reason_error()
            removal.found.clear()
        elif paths:
            removal = FieldRemoval(paths, record.slug_from)
        return _Redaction(record, by, reason, removal).run()


def _wait_for_writers(record: Record) -> None:
    """Lock the record, so that other writers have committed or will find the new guards.

    This also waits for transactions that inserted a part or froze the text, since these hold a key
    lock. It comes before the publication lock, in the order of everyone who writes and publishes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    type(record)._default_manager.select_for_update().filter(pk=record.pk).values_list("pk").first()


class _Redaction:
    """One redaction of one record; without a `removal` the whole record is removed."""

    def __init__(self, record: Record, by: User, reason: str, removal: Removal | None) -> None:
        self.record, self.by, self.reason, self.removal = record, by, reason, removal
        self.model, self.serializer = type(record), type(record).serializer()
        self.slug = f"redacted-{secrets.token_hex(4)}" if removal else None
        self.references: dict[str, str] = {}
        """The old references to the record, with the new ones."""
        self.changed_seqs: set[int] = set()
        """The `seq` of every Edition whose document changed."""
        self.removed_facts: dict[str, list[list[set[str]]]] = defaultdict(list)
        """By path, the facts that rows stated before."""

    def run(self) -> Submission:
        """Run the redaction. Raises ValidationError if there is nothing to remove."""
        self.record.refresh_from_db()
        self.keeper = Keeper.begin(self.record)
        newest = self.record.edition
        selections = self._select_rows(newest)
        self.names = admin_log.find_names(self.record)
        submissions.recall(self.record, self.removal, self.by)
        public = newest and self._publish(newest)
        if public:
            self._clean_past(public)
            self._replace_references()
            rebuilding.rebuild_entries_of(self.changed_seqs)
        submissions.clean(self.record, self.removal, self._clean, self.keeper.keep)
        submissions.clean_releases(self.removal, self.keeper.keep)
        submissions.clean_requests(self.removal)
        self._clean_imported_data()
        before = documents.load(self.record.render())
        external_ids = guards.find_external_ids(self.record)
        has_changed = self._clean_working_rows(selections)
        if public and self.removal:
            Edition.objects.filter(pk=public.pk).update(redacted=sorted(self.removal.paths))
        self._require_removal(has_changed)
        submission = record_act(Act.REDACT, self.record, self.by, self.reason)
        for guard in self._make_guards(before, external_ids):
            guard.submission = submission
            guard.save()
        self.keeper.finish(submission)
        self._clean_stored_texts()
        return submission

    def _make_guards(self, before: dict[str, Any], external_ids: Any) -> Iterator[RedactionGuard]:
        """Yield the guards of what was removed, except those that exist already."""
        if self.removal is None:
            made = [guards.guard_record(self.record, external_ids)]
        elif isinstance(self.removal, FieldRemoval):
            after = documents.load(self.record.render())
            current = guards.record_facts(self.record)
            for path, values in self.removal.removed.items():
                names = path.split(".")
                values |= set(facts.values_at(before, names))
                values -= set(facts.values_at(after, names))
            made = [
                guards.guard_field(
                    self.record,
                    path,
                    {
                        *working_rows.find_unstated(self.removed_facts[path], current),
                        *(f"{path}\0{value}" for value in self.removal.removed.get(path, ())),
                    },
                )
                for path in self.removed_facts
            ]
        else:
            assert isinstance(self.removal, TextRemoval)
            made = [guards.guard_phrase(self.record, value) for value in self.removal.values]
        if self.removal and (gone := external_ids - guards.find_external_ids(self.record)):
            guard = guards.guard_external_ids(self.record, gone)
            if other := next((each for each in made if each.has_external_ids), None):
                other.hashes += guard.hashes
            else:
                made.append(guard)
        existing = RedactionGuard.objects.in_force().filter(record=self.record.public_id)
        known = {(guard.kind, tuple(guard.hashes), guard.key) for guard in existing}
        for guard in made:
            empty = guard.kind == GuardKind.FIELD and not guard.hashes
            if not empty and (guard.kind, tuple(guard.hashes), guard.key) not in known:
                yield guard

    def _select_rows(self, newest: Edition | None) -> list[working_rows.RowSelection]:
        """Return the rows and columns at the paths; rows are counted in the newest document."""
        if not isinstance(self.removal, FieldRemoval):
            return []
        if newest is not None and newest.document:
            document = completion.read_document(newest)
        else:
            document = documents.load(self.record.render())
        return working_rows.select_rows(
            self.removal, self.serializer, self.model, self.record.pk, document
        )

    def _publish(self, newest: Edition) -> Edition:
        """Append the Edition of the redaction, and refreshes of documents with references to it."""
        body = None
        if self.removal and newest.document:
            document = completion.read_document(newest)
            self._clean(document)
            body = documents.extract_body(document, ENVELOPE)
        paths = sorted(self.removal.paths) if self.removal else [WHOLE_RECORD]
        change = publication.PublicChange(
            newest.type,
            str(newest.record),
            EditionKind.REDACT,
            body,
            self.reason,
            redacted=tuple(paths),
        )
        publish_changes([change])
        published: Edition = Edition.objects.get(record=newest.record, version=newest.version + 1)
        if body is None:
            changes = {
                "slug": self._clean_slug(newest.slug),
                "merged_into": newest.merged_into if self.removal else None,
            }
            Edition.objects.filter(pk=published.pk).update(**changes)
        return published

    def _clean(self, document: dict[str, Any]) -> bool:
        """Clean a document or a body in place; return whether anything changed."""
        assert self.removal is not None
        has_changed = self.removal.clean(self.serializer, document)
        slug = document.get("slug")
        if slug is not None and self._clean_slug(slug) != slug:
            document["slug"], has_changed = self._clean_slug(slug), True
            self.removal.paths.add("slug")
        return has_changed

    def _clean_slug(self, slug: str | None) -> str | None:
        """Return the slug that replaces a slug; the same if it reveals nothing."""
        if slug is None or self.removal is None:
            return None
        return self.slug if slug != self.slug and self.removal.affects_slug(slug) else slug

    def _clean_past(self, published: Edition) -> None:
        """Clean every earlier Edition of the record."""
        earlier = Edition.objects.filter(record=self.record.public_id, seq__lt=published.seq)
        self.keeper.keep(earlier)
        for edition in iterate_in_chunks(earlier):
            changes = self._clean_edition(edition) if self.removal else self._empty_edition(edition)
            if changes:
                if edition.document is not None:
                    self.changed_seqs.add(edition.seq)
                if changes.get("reference", edition.reference) != edition.reference:
                    self.references[edition.reference] = changes["reference"]
                Edition.objects.filter(pk=edition.pk).update(**changes)

    def _empty_edition(self, edition: Edition) -> dict[str, Any]:
        """Return the columns of an Edition of a record that is removed as a whole."""
        change = publication.PublicChange(edition.type, str(edition.record), None, None, "")
        return {
            **dict.fromkeys(("slug", "summary", "document", "sha256", "merged_into")),
            "public": False,
            "note": self.reason,
            "reference": publication.render_reference(change).decode(),
        }

    def _clean_edition(self, edition: Edition) -> dict[str, Any]:
        """Return the columns of an Edition that change, with their new values."""
        assert self.removal is not None
        changes: dict[str, Any] = {}
        if edition.document is not None:
            document = completion.read_document(edition, refs=False)
            if self._clean(document):
                body = documents.extract_body(document, ENVELOPE)
                change = publication.PublicChange(edition.type, str(edition.record), None, body, "")
                text = documents.dump(document)
                changes |= {
                    "document": text.decode(),
                    "summary": documents.extract_summary(
                        document, self.serializer.summary
                    ).decode(),
                    "shape": completion.examine(self.serializer, text)[1],
                    "reference": publication.render_reference(change).decode(),
                    "sha256": None,
                }
        values = {
            "note": self.removal.clean_text(edition.note),
            "slug": self._clean_slug(edition.slug),
        }
        return changes | {k: v for k, v in values.items() if v != getattr(edition, k)}

    def _replace_references(self) -> None:
        """Replace the references to the record in all current and past documents.

        A reference is the same text in every document, and occurs nowhere else in one: see
        `EditionWriter.refresh`.
        """
        references = Reference.objects.filter(target=self.record.public_id)
        seqs = list(references.values_list("seq", flat=True).distinct())
        if self.references:
            self.keeper.keep(Edition.objects.filter(seq__in=seqs))
        for old, new in self.references.items():
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {Edition._meta.db_table} "  # noqa: S608
                    "SET document = replace(document, %s, %s), summary = replace(summary, %s, %s) "
                    "WHERE seq = ANY(%s) AND position(%s IN document) > 0",
                    [old, new, old, new, seqs, old],
                )
        if self.references:
            self.changed_seqs.update(seqs)

    def _clean_imported_data(self) -> None:
        """Clean the imported data of the record, and of the records that mention its name."""
        clean = self.removal.clean_text if isinstance(self.removal, TextRemoval) else None
        pattern = matching.pattern_of_names(self._removed_names())
        clean_references = clean or (
            pattern and partial(matching.replace_matches, re.compile(pattern), REDACTED)
        )
        records = admin_log.find_referencing_records(self.record) if clean_references else set()
        for model in apps.get_models():
            if issubclass(model, ImportedData):
                own = model._default_manager.filter(record=self.record.public_id)
                self.keeper.keep(own)
                for row in iterate_in_chunks(own):
                    row.redact(clean)
                if clean_references:
                    referencing = model.filter_referencing(self.record, records)
                    self.keeper.keep(referencing)
                    for row in iterate_in_chunks(referencing):
                        row.redact_references(clean_references)

    def _clean_stored_texts(self) -> None:
        """Clean private rows that repeat texts; last, because nobody can write them until the end.

        Whoever writes them afterwards finds this redaction, so that an open page is not stored.
        """
        stored_texts.lock()
        if isinstance(self.removal, TextRemoval):
            stored_texts.clean(self.removal.clean_text)
            return
        stored_texts.delete_of(self.record.public_id)
        if pattern := matching.pattern_of_names(self._removed_names()):
            clean_names = partial(matching.replace_matches, re.compile(pattern), REDACTED)
            stored_texts.clean(clean_names, admin_log.find_referencing_records(self.record))

    def _removed_names(self) -> set[str]:
        """Return all names of the record, if the redaction removes its name as a whole."""
        if self.removal and not self.removal.affects_slug(""):
            return set()
        return {name for name in self.names if len(name.strip()) > 1}

    def _clean_working_rows(self, selections: list[working_rows.RowSelection]) -> bool:
        """Clean the working rows, their audit and the log; return whether a row changed."""
        cleaner = working_rows.RowCleaner(self.removal, self.slug)
        tree = list(working_rows.row_tree(self.model, {self.record.pk}))
        for model, keys in tree:
            self.keeper.keep(model._default_manager.filter(pk__in=keys))
            events = audit.event_model(model)._default_manager
            self.keeper.keep(events.filter(pgh_obj_id__in=keys))
        self.keeper.keep(Merge.objects.exclude(removed=[]))
        if isinstance(self.removal, FieldRemoval):
            for target, selection in zip(self.removal.targets, selections, strict=True):
                if selection.columns:
                    cleaner.clean(*selection)
                else:
                    for model, keys in working_rows.row_tree(selection.model, selection.keys):
                        cleaner.clean(model, keys, set())
                self.removed_facts[path_of(target)] += cleaner.take_facts()
            if hasattr(self.record, "slug"):
                cleaner.clean(self.model, {self.record.pk}, {"slug"})
                self.removed_facts["slug"] += cleaner.take_facts()
        else:
            for model, keys in reversed(tree):
                is_removed = self.removal is None and model is not self.model
                cleaner.clean(model, keys, set() if is_removed else None)
        if isinstance(self.removal, TextRemoval):
            admin_log.clean_contexts(self.removal)
        for model, keys in tree:
            working_rows.clean_merges(self.removal, model, keys)
        if cleaner.has_changed or self.changed_seqs:
            for model, keys in tree:
                admin_log.empty_log(model, keys)
            self._clean_log(cleaner)
        self.record.refresh_from_db()
        return cleaner.has_changed

    def _clean_log(self, cleaner: working_rows.RowCleaner) -> None:
        """Clean the log of the admin where it has a removed text, or the name of the record."""
        names = self._removed_names()
        is_text = isinstance(self.removal, TextRemoval)
        labels = TextRemoval(
            self.removal.values if isinstance(self.removal, TextRemoval) else names
        )
        if labels.patterns:
            admin_log.clean_log(labels, self.record, everywhere=is_text)
            admin_log.clean_sessions(labels)
        texts = TextRemoval(text for text in cleaner.texts | names if len(text) > 2)
        if texts.clean_text(self.reason) != self.reason:
            raise _make_reason_error()

    def _require_removal(self, has_changed: bool) -> None:
        """Raise ValidationError if there was nothing to remove."""
        if isinstance(self.removal, TextRemoval):
            missing = [value for value in self.removal.values if value not in self.removal.found]
            if missing:
                values = ", ".join(f"“{value}”" for value in missing)
                raise ValidationError(
                    f"Nothing was redacted: neither this record nor its past contains {values}.",
                    code="value",
                )
        elif isinstance(self.removal, FieldRemoval) and not (has_changed or self.changed_seqs):
            raise ValidationError(
                "Nothing was redacted: these paths never had a value.", code="path"
            )


def _make_reason_error() -> ValidationError:
    return ValidationError(
        "The reason contains what is removed, and it is published: reword it.", code="reason"
    )
