"""What a merge carries over: the names and the external ids of the merged record.

Their working rows move to the survivor, with their citations. Their published texts are added to
the published text of the survivor, so that its unpublished changes stay unpublished. Undoing the
merge takes back the rows and texts that nobody has changed since. The merge stores digests to
recognise them, because it must not store names that a later redaction has to remove.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import models, transaction

from editorial.models.merge import Merge
from editorial.models.record import NamedRecord, Record
from editorial.redaction import guards
from publishing import completion, documents
from publishing.models.edition import Edition

_KEYS = {"names": ("text",), "external_ids": ("scheme", "value")}
"""The lists that are carried over, and what identifies an item of each."""


def carry_over(merge: Merge, record: Record, into: Record) -> bytes | None:
    """Carry rows of `record` over to `into`, and note them in the merge.

    Returns the new body of `into`, or None if it stays as it is. Both are public.
    """
    other = documents.load(_read_body(record.edition))
    body: dict[str, Any] = documents.redirect_references(
        _read_body(into.edition), str(record.public_id), str(into.public_id)
    )
    redacted = guards.Guards.read([into.public_id])

    def is_new(name: str, item: dict[str, Any]) -> bool:
        """Return whether the survivor lacks an item, and no redaction removed it from there."""
        key = _identify(name, item)
        if key == (body.get("name"),) or key in {_identify(name, each) for each in body[name]}:
            return False
        return not redacted.find_in_text(into.public_id, " ".join(map(str, key)))

    for name in _KEYS.keys() & body.keys():
        rows: Any = getattr(into, name)
        carried = [
            item | type(into).change_carried(name, item)
            for item in other[name]
            if is_new(name, item)
        ]
        for row in getattr(record, name).all():
            if is_new(name, vars(row)):
                _move(merge, row, rows, type(into).change_carried(name, vars(row)))
        if name == "names" and isinstance(into, NamedRecord):
            main = {"text": other["name"]}
            if is_new(name, main) and main["text"] not in {item["text"] for item in other[name]}:
                row = rows.create(**main, **into.alias)
                _note(merge, row, None)
                carried += _render(into, name, [row])
        merge.carried_texts += [[name, _digest_text(item)] for item in carried]
        body[name] = _sort(_render(into, name, rows.all()), body[name] + carried)
    if not merge.carried_texts:
        return None
    into.serializer().derive(body)
    return documents.dump(body)


def preview(record: Record, into: Record) -> bytes | None:
    """Return the body that `into` would get by a merge.

    Returns None if it stays as it is, or if one of the two is not public.
    """
    editions = Edition.objects.newest_of([record.public_id, into.public_id])
    if editions.filter(public=True).count() < 2:
        return None
    with transaction.atomic():
        body = carry_over(Merge(), record, into)
        transaction.set_rollback(True)
    return body


def take_back(merge: Merge) -> bytes | None:
    """Move the rows back that nobody has changed since the merge.

    Returns the body of the survivor without their texts, or None if it stays as it is.
    """
    for label, key, before, digest in merge.carried_rows:
        row = apps.get_model(label)._default_manager.filter(pk=key).first()
        if row is None or _digest_row(row) != digest:
            continue
        if before is None:
            row.delete()
        else:
            type(row)._default_manager.filter(pk=key).update(**before)
    survivor = Edition.objects.newest_of([merge.survivor]).filter(public=True).first()
    if survivor is None:
        return None
    before = _read_body(survivor)
    body = documents.load(before)
    carried = {tuple(item) for item in merge.carried_texts}
    for name in _KEYS.keys() & body.keys():
        body[name] = [item for item in body[name] if (name, _digest_text(item)) not in carried]
    after = documents.dump(body)
    return after if after != before else None


def _read_body(edition: Edition | None) -> bytes:
    assert edition is not None, "a record that is merged is public"
    return completion.read_body(edition)


def _identify(name: str, item: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(item[key] for key in _KEYS[name])


def _move(merge: Merge, row: models.Model, to: Any, changes: dict[str, Any]) -> None:
    """Move a row to the rows of the survivor with some changes, and note what it was."""
    changes = {to.field.attname: to.instance.pk, **changes}
    before = {column: getattr(row, column) for column in changes}
    moved = type(row)._default_manager.filter(pk=row.pk)
    moved.update(**changes)
    _note(merge, moved.get(), before)


def _note(merge: Merge, row: models.Model, before: dict[str, Any] | None) -> None:
    merge.carried_rows.append([row._meta.label_lower, row.pk, before, _digest_row(row)])


def _digest_row(row: models.Model) -> str:
    """Return a digest of a row with its parts."""
    return documents.digest(serializers.serialize("json", guards.walk_rows(row)).encode())


def _digest_text(item: dict[str, Any]) -> str:
    return documents.digest(documents.dump(item))


def _render(record: Record, name: str, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Return rows as items of a body."""
    child = record.serializer().fields[name].child
    items: list[dict[str, Any]] = documents.load(
        documents.dump([child.to_representation(row) for row in rows])
    )
    return items


def _sort(working: list[dict[str, Any]], items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items of a body in the order of the working rows; others come last."""
    positions = {_digest_text(item): number for number, item in enumerate(working)}
    return sorted(items, key=lambda item: positions.get(_digest_text(item), len(positions)))
