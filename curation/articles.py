"""The texts of a submission as articles: what changed since the public text and the last return."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext

from curation import diff
from curation.labels import find_labels_and_urls
from editorial.models import Submission, SubmissionItem
from editorial.models.submission import Act, State
from publishing import completion, documents
from publishing.codes import RecordType
from publishing.models import Edition
from publishing.presentation.article import Article, fill, make_article
from publishing.presentation.differences import Change, compare
from publishing.registry import record_types

Object = dict[str, Any]
_ORDER = ("incident", "actor", "affiliation", "place", "source", "publisher")
"""The types, the one that a submission is most likely about first."""
RANK = Case(*(When(type=type_, then=Value(rank)) for rank, type_ in enumerate(_ORDER)))


class Text(NamedTuple):
    """A frozen text, as a reviewer reads it."""

    item: SubmissionItem
    label: str
    url: str
    """The admin page of the record; blank if the record was deleted."""
    edition: Edition | None
    """The public edition that it replaces."""
    article: Article | None
    """None if the submission publishes nothing, such as a withdrawal or a redaction."""
    returned: SubmissionItem | None
    """The text that was returned or recalled last, if nothing was published since."""
    changes: list[Change]
    """What changed since then."""
    lines: list[diff.Line]


def list_texts(
    site: Any, request: HttpRequest, submission: Submission, items: Sequence[SubmissionItem]
) -> list[Text]:
    """Return some texts of a submission, in a number of queries that does not depend on theirs."""
    records = [item.record for item in items]
    newest = Edition.objects.filter(published_at__lt=submission.submitted_at).newest_of(records)
    editions = {edition.record: edition for edition in newest.defer("summary")}
    public = {key: edition for key, edition in editions.items() if edition.document}
    returned = _find_returned(submission, items, editions)
    bodies = {item.record: _load(item) for item in items if item.body}
    old = {key: documents.load(completion.read_body(each)) for key, each in public.items()}
    before = {key: _load(each) for key, each in returned.items()}
    texts = (
        documents.dump(body).decode() for part in (bodies, old, before) for body in part.values()
    )
    ids = diff.find_ids(*texts) | {str(record) for record in records}
    known = find_labels_and_urls(site, request, ids)
    references = _make_references(ids, known, submission)
    found = []
    for item in items:
        key, type_ = item.record, item.type
        label, url = known.get(str(key), (item.title, ""))
        edition = public.get(key)
        body = bodies.get(key)
        new = fill(body, references) if body else None
        article = (
            make_article(type_, new, fill(old[key], references) if edition else None)
            if new
            else None
        )
        changes = (
            compare(type_, fill(before[key], references), new) if new and key in before else []
        )
        names = {id_: name for id_, (name, _) in known.items()}
        lines = diff.list_lines(item.body, names) if item.body else []
        found.append(Text(item, label, url, edition, article, returned.get(key), changes, lines))
    return found


def make_draft_article(
    site: Any, request: HttpRequest, type_: str, body: bytes, edition: Edition | None
) -> Article:
    """Return the article of the text that a submission would freeze now."""
    old = completion.read_body(edition) if edition else b""
    ids = diff.find_ids(body.decode(), old.decode())
    references = _make_references(ids, find_labels_and_urls(site, request, ids), None)
    new, before = (documents.load(text) if text else None for text in (body, old))
    return make_article(type_, fill(new, references), before and fill(before, references))


def _load(item: SubmissionItem) -> Object:
    serializer = record_types()[item.type].serializer
    return completion.complete(serializer, documents.load(item.body), refs=False)


def _find_returned(
    submission: Submission, items: Sequence[SubmissionItem], editions: dict[UUID, Edition]
) -> dict[UUID, SubmissionItem]:
    """Return the text of each record that was returned last, unless one was published since."""
    if submission.act != Act.PUBLISH:
        return {}
    earlier = SubmissionItem.objects.filter(
        record__in=[item.record for item in items],
        submission__lt=submission.pk,
        submission__state__in=[State.REJECTED, State.RECALLED],
        submission__act=Act.PUBLISH,
    ).exclude(body="")
    newest = earlier.select_related("submission__decided_by").order_by("record", "-submission_id")
    return {
        item.record: item
        for item in newest.distinct("record")
        if (edition := editions.get(item.record)) is None
        or edition.published_at < item.submission.submitted_at
    }


def _make_references(
    ids: Iterable[str], known: dict[str, tuple[str, str]], submission: Submission | None
) -> dict[str, Object]:
    """Return what articles show of the records that they refer to: their labels and places."""
    keys = [UUID(id_) for id_ in ids]
    references: dict[str, Object] = {id_: {"id": id_, "name": None} for id_ in ids}
    for edition in Edition.objects.newest_of(keys).filter(type=RecordType.PLACE).only("reference"):
        reference = documents.load(edition.reference)
        references[reference["id"]] = {"kind": None, "point": None, **reference}
    if submission is not None:
        for item in submission.items.filter(record__in=keys, type=RecordType.PLACE):
            if item.body:
                body = documents.load(item.body)
                references[str(item.record)] |= {"kind": body["kind"], "point": body["point"]}
    for id_, (label, url) in known.items():
        references[id_] = references[id_] | {"name": label, "url": url}
    for reference in references.values():
        reference.setdefault("kind", None)
        reference.setdefault("point", None)
    return references


def annotate_subjects(submissions: QuerySet) -> QuerySet:
    """Add the numbers of texts of each type, which `name_submission` reads."""
    return submissions.annotate(
        **{f"count_{t}": Count("items", filter=Q(items__type=t)) for t in _ORDER}
    )


def name_submission(submission: Any, subject: str) -> str:
    """Return the name of a submission: its subject, and how many other records are with it.

    The submission has the numbers of `annotate_subjects`.
    """
    counts = {type_: getattr(submission, f"count_{type_}") for type_ in _ORDER}
    first = next((type_ for type_, number in counts.items() if number), None)
    others = [
        _count(type_, number - (type_ == first))
        for type_, number in counts.items()
        if number > (type_ == first)
    ]
    if not others:
        return subject
    *most, last = others
    listed = gettext("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last}
    return gettext("%(subject)s, with %(others)s") % {
        "subject": subject,
        "others": listed if most else last,
    }


def _count(type_: str, number: int) -> str:
    """Return a number of records of a type in words."""
    words = {
        "incident": ngettext("%s incident", "%s incidents", number),
        "actor": ngettext("%s actor", "%s actors", number),
        "affiliation": ngettext("%s affiliation", "%s affiliations", number),
        "place": ngettext("%s place", "%s places", number),
        "source": ngettext("%s source", "%s sources", number),
        "publisher": ngettext("%s publisher", "%s publishers", number),
    }
    return words[type_] % f"{number:,}"
