"""Redaction: what is removed goes from the past as well, in one transaction.

Every Edition, Entry, submission, working row, audit row and line of the desk's log that holds it
is cleaned, and every quote of it in other records' documents, today's and past ones. Dumps,
exports and mirrors made before still hold it: mirrors learn of it from the feed.
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
from editorial.models.record import Record
from editorial.models.redaction_guard import GuardKind, RedactionGuard
from editorial.models.submission import Act, Submission
from editorial.models.user import User
from editorial.redaction import admin_log, facts, guards, matching, submissions, working_rows
from editorial.redaction.removal import REDACTED, FieldRemoval, Removal, TextRemoval, path_of
from editorial.workflow import publish_changes, record_act
from publishing import completion, documents, publication, rebuilding
from publishing.bidi import remove_isolates
from publishing.bulk import iterate_in_chunks
from publishing.codes import EditionKind
from publishing.models.edition import Edition, Reference
from publishing.serializers import ENVELOPE
from publishing.triggers import allow

WHOLE = "*"
"""The path of a whole record."""


def redact(
    record: Record,
    by: User,
    reason: str,
    *,
    values: Iterable[str] = (),
    fields: Iterable[str] = (),
    whole: bool = False,
) -> Submission:
    """Remove something from a record's present and past, wherever it is kept.

    Give one of: `values`, texts of which every occurrence goes; `fields`, paths of the newest
    document, such as `description`, `individual.birth` or `names[2]`; or the `whole` record.
    Raises PermissionDenied where `by` is no reviewer, ValidationError where the reason is
    empty or tells what is removed, or where nothing of it is found.
    """
    by.require_reviewer()
    texts, paths = (
        [remove_isolates(v) for v in values if v.strip()],
        [f for f in fields if f.strip()],
    )
    if not reason.strip():
        raise ValidationError("Give the reason: readers are told it.", code="reason")
    if (bool(texts), bool(paths), whole).count(True) != 1:
        raise ValidationError(
            "Say what is to be removed: texts, fields, or the whole record.", code="what"
        )
    with allow("redact"), audit.mark_act(by, "redact"):
        _wait_for_writers(record)
        publication.acquire_lock()
        removal: Removal | None = None
        if texts:
            removal = TextRemoval(texts)
            if removal.text(reason) != reason:
                raise _telling()
            removal.found.clear()
        elif paths:
            removal = FieldRemoval(paths, record.slug_from)
        return _Redaction(record, by, reason, removal).do()


def _wait_for_writers(record: Record) -> None:
    """Lock the record, so that whoever writes it or its parts is done or finds the new guards.

    This waits even for who only inserted a part or froze the text: they hold its key. It comes
    before the publication lock, as it does for who writes and then publishes.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    type(record)._default_manager.select_for_update().filter(pk=record.pk).values_list("pk").first()


class _Redaction:
    """One act on one record; without a `removal` the whole record goes."""

    def __init__(self, record: Record, by: User, reason: str, removal: Removal | None) -> None:
        self.record, self.by, self.reason, self.removal = record, by, reason, removal
        self.model, self.serializer = type(record), type(record).serializer()
        self.slug = f"redacted-{secrets.token_hex(4)}" if removal else None
        self.quoted: dict[str, str] = {}
        """How the record was quoted before, and how it is quoted instead."""
        self.touched: set[int] = set()
        self.noted: dict[str, list[list[set[str]]]] = defaultdict(list)
        """By path, what rows stated there before."""

    def do(self) -> Submission:
        """Do all of it. Raises ValidationError where there is nothing to remove."""
        self.record.refresh_from_db()
        newest = self.record.edition
        spots = self._spots(newest)
        self.names = admin_log.find_names(self.record)
        submissions.recall(self.record, self.removal, self.by)
        public = newest and self._publish(newest)
        if public:
            self._past(public)
            self._quoters()
            rebuilding.rebuild_entries_of(self.touched)
        submissions.clean(self.record, self.removal, self._clean)
        submissions.clean_releases(self.removal)
        self._kept()
        before, external_ids = (
            documents.load(self.record.render()),
            guards.find_external_ids(self.record),
        )
        found = self._working(spots)
        if public and self.removal:
            Edition.objects.filter(pk=public.pk).update(redacted=sorted(self.removal.paths))
        self._require_found(found)
        submission = record_act(Act.REDACT, self.record, self.by, self.reason)
        for guard in self._guards(before, external_ids):
            guard.submission = submission
            guard.save()
        return submission

    def _guards(self, before: dict[str, Any], external_ids: Any) -> Iterator[RedactionGuard]:
        """Yield what keeps away from the record what was removed, unless it is guarded already."""
        if self.removal is None:
            made = [guards.guard_record(self.record, external_ids)]
        elif isinstance(self.removal, FieldRemoval):
            after = documents.load(self.record.render())
            standing = guards.record_facts(self.record)
            for path, said in self.removal.removed.items():
                names = path.split(".")
                said |= set(facts.values_at(before, names))
                said -= set(facts.values_at(after, names))
            made = [
                guards.guard_field(
                    self.record,
                    path,
                    {
                        *working_rows.find_unstated(self.noted[path], standing),
                        *(f"{path}\0{value}" for value in self.removal.removed.get(path, ())),
                    },
                )
                for path in self.noted
            ]
        else:
            assert isinstance(self.removal, TextRemoval)
            made = [guards.guard_phrase(self.record, value) for value in self.removal.values]
        if self.removal and (gone := external_ids - guards.find_external_ids(self.record)):
            ids, linked = (
                guards.guard_external_ids(self.record, gone),
                [g for g in made if g.has_external_ids],
            )
            for guard in linked[:1]:
                guard.hashes += ids.hashes
            made += [] if linked else [ids]
        there = RedactionGuard.objects.in_force().filter(record=self.record.public_id)
        known = {(guard.kind, tuple(guard.hashes), guard.key) for guard in there}
        for guard in made:
            empty = guard.kind == GuardKind.FIELD and not guard.hashes
            if not empty and (guard.kind, tuple(guard.hashes), guard.key) not in known:
                yield guard

    def _spots(self, newest: Edition | None) -> list[working_rows.RowSelection]:
        """Return where the paths lead to, counted in the newest document."""
        if not isinstance(self.removal, FieldRemoval):
            return []
        if newest is not None and newest.document:
            shown = completion.read_document(newest)
        else:
            shown = documents.load(self.record.render())
        return working_rows.locate(self.removal, self.serializer, self.model, self.record.pk, shown)

    def _publish(self, newest: Edition) -> Edition:
        """Append the Edition of the redaction, and refreshes of what quotes the record."""
        body = None
        if self.removal and newest.document:
            document = completion.read_document(newest)
            self._clean(document)
            body = documents.extract_body(document, ENVELOPE)
        paths = sorted(self.removal.paths) if self.removal else [WHOLE]
        act = publication.PublicChange(
            newest.type,
            str(newest.record),
            EditionKind.REDACT,
            body,
            self.reason,
            redacted=tuple(paths),
        )
        publish_changes([act])
        published: Edition = Edition.objects.get(record=newest.record, version=newest.version + 1)
        if body is None:
            gone = self.removal is None or self._slug(newest.slug) != newest.slug
            changes = {
                "slug": self._slug(newest.slug) if gone else newest.slug,
                "merged_into": newest.merged_into if self.removal else None,
            }
            Edition.objects.filter(pk=published.pk).update(**changes)
        return published

    def _clean(self, document: dict[str, Any]) -> bool:
        """Clean a document or a body in place; return whether anything changed."""
        assert self.removal is not None
        touched = self.removal.clean(self.serializer, document)
        slug = document.get("slug")
        if slug is not None and self._slug(slug) != slug:
            document["slug"], touched = self._slug(slug), True
            self.removal.paths.add("slug")
        return touched

    def _slug(self, slug: str | None) -> str | None:
        """Return what stands for a slug."""
        if slug is None or self.removal is None:
            return None
        return self.slug if slug != self.slug and self.removal.ends_slug(slug) else slug

    def _past(self, published: Edition) -> None:
        """Clean every earlier Edition of the record."""
        earlier = Edition.objects.filter(record=self.record.public_id, seq__lt=published.seq)
        for edition in iterate_in_chunks(earlier):
            changes = self._cleaned(edition) if self.removal else self._emptied(edition)
            if changes:
                if edition.document is not None:
                    self.touched.add(edition.seq)
                if changes.get("reference", edition.reference) != edition.reference:
                    self.quoted[edition.reference] = changes["reference"]
                Edition.objects.filter(pk=edition.pk).update(**changes)

    def _emptied(self, edition: Edition) -> dict[str, Any]:
        """Return how an Edition of a record that goes as a whole reads."""
        act = publication.PublicChange(edition.type, str(edition.record), None, None, "")
        return {
            **dict.fromkeys(("slug", "summary", "document", "sha256", "merged_into")),
            "public": False,
            "note": self.reason,
            "reference": publication.render_reference(act).decode(),
        }

    def _cleaned(self, edition: Edition) -> dict[str, Any]:
        """Return what changes in an Edition; nothing if it holds nothing of what is removed."""
        assert self.removal is not None
        changes: dict[str, Any] = {}
        if edition.document is not None:
            document = completion.read_document(edition, refs=False)
            if self._clean(document):
                body = documents.extract_body(document, ENVELOPE)
                act = publication.PublicChange(edition.type, str(edition.record), None, body, "")
                text = documents.dump(document)
                changes |= {
                    "document": text.decode(),
                    "summary": documents.extract_summary(
                        document, self.serializer.summary
                    ).decode(),
                    "shape": completion.examine(self.serializer, text)[1],
                    "reference": publication.render_reference(act).decode(),
                    "sha256": None,
                }
        told = {"note": self.removal.text(edition.note), "slug": self._slug(edition.slug)}
        return changes | {k: v for k, v in told.items() if v != getattr(edition, k)}

    def _quoters(self) -> None:
        """Exchange the quotes of the record in every document that has ever quoted it."""
        seqs = Reference.objects.filter(target=self.record.public_id).values_list("seq", flat=True)
        quoting = sorted(set(seqs))
        for old, new in self.quoted.items():
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {Edition._meta.db_table} "  # noqa: S608
                    "SET document = replace(document, %s, %s), summary = replace(summary, %s, %s) "
                    "WHERE seq = ANY(%s) AND position(%s IN document) > 0",
                    [old, new, old, new, quoting, old],
                )
        if self.quoted:
            self.touched.update(quoting)

    def _kept(self) -> None:
        """Clean what importers keep of the record, and of those that quote it by name."""
        clean = self.removal.text if isinstance(self.removal, TextRemoval) else None
        named = matching.pattern_of_names(self._names_removed())
        clean_quotes = clean or (
            named and partial(matching.replace_matches, re.compile(named), REDACTED)
        )
        quoting = admin_log.find_quoting_records(self.record) if clean_quotes else set()
        for model in apps.get_models():
            if issubclass(model, ImportedData):
                for row in iterate_in_chunks(
                    model._default_manager.filter(record=self.record.public_id)
                ):
                    row.redact(clean)
                if clean_quotes:
                    for row in iterate_in_chunks(model.filter_referencing(self.record, quoting)):
                        row.redact_references(clean_quotes)

    def _names_removed(self) -> set[str]:
        """Return what the record was called, where that goes as a whole."""
        gone = self.removal is None or self.removal.ends_slug("")
        return {name for name in self.names if len(name.strip()) > 1} if gone else set()

    def _working(self, spots: list[working_rows.RowSelection]) -> bool:
        """Clean the working rows, their audit and the log; return whether anything was there."""
        cleaner = working_rows.RowCleaner(self.removal, self.slug)
        tree = list(working_rows.row_tree(self.model, {self.record.pk}))
        if isinstance(self.removal, FieldRemoval):
            for target, spot in zip(self.removal.targets, spots, strict=True):
                if spot.columns:
                    cleaner.rows(spot.model, spot.keys, spot.columns, needed=spot.needed)
                else:
                    for model, keys in working_rows.row_tree(spot.model, spot.keys):
                        cleaner.rows(model, keys, set())
                self.noted[path_of(target)] += cleaner.noted()
            if hasattr(self.record, "slug"):
                cleaner.rows(self.model, {self.record.pk}, {"slug"})
                self.noted["slug"] += cleaner.noted()
        else:
            for model, keys in reversed(tree):
                part = self.removal is None and model is not self.model
                cleaner.rows(model, keys, set() if part else None)
        if isinstance(self.removal, TextRemoval):
            admin_log.clean_contexts(self.removal)
        for model, keys in tree:
            working_rows.forget_removed(self.removal, model, keys)
        if cleaner.touched or self.touched:
            for model, keys in tree:
                admin_log.forget_log(model, keys)
            self._labels(cleaner)
        self.record.refresh_from_db()
        return cleaner.touched

    def _labels(self, cleaner: working_rows.RowCleaner) -> None:
        """Clean what the admin says of rows that repeat a text, or the name of the record."""
        named = self._names_removed()
        texts = cleaner.texts | named
        labels = TextRemoval(
            self.removal.values if isinstance(self.removal, TextRemoval) else named
        )
        if labels.patterns:
            admin_log.clean_log(
                labels, self.record, everywhere=isinstance(self.removal, TextRemoval)
            )
            admin_log.clean_sessions(labels)
        if TextRemoval(text for text in texts if len(text) > 2).text(self.reason) != self.reason:
            raise _telling()

    def _require_found(self, found: bool) -> None:
        """Refuse to say that something was removed which was never there."""
        if isinstance(self.removal, TextRemoval):
            missing = [value for value in self.removal.values if value not in self.removal.found]
            if missing:
                told = ", ".join(f"“{value}”" for value in missing)
                raise ValidationError(
                    f"{told} is found nowhere in this record, its past included: nothing was "
                    "redacted.",
                    code="value",
                )
        elif isinstance(self.removal, FieldRemoval) and not (found or self.touched):
            raise ValidationError(
                "There was never anything at these paths: nothing was redacted.", code="path"
            )


def _telling() -> ValidationError:
    return ValidationError(
        "The reason tells what is to be removed: word it otherwise.", code="reason"
    )
