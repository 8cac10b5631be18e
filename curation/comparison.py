"""A comparison of a form that was sent with rows that others have changed since it was opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import CheckboxInput
from django.http import QueryDict

from curation.form_state import ROW, FormState
from editorial import audit
from editorial.models import User

_REDACTED = "redacted"
_MAX_ROWS = 2000
"""More rows than Django accepts in one form: limits the cost of a forged number."""


class FormRows(NamedTuple):
    """The stored rows that one form or formset of a page edits."""

    form_class: Any
    name: str
    """The name of one row, such as "actor name"."""
    rows: dict[str, Any]
    parent: str = ""
    """The foreign key to the record that they are part of, if any."""


class FieldDifference(NamedTuple):
    """A field that another user changed."""

    label: str
    was: str
    now: str
    typed: str
    """Blank if this user did not change it."""


@dataclass
class Difference:
    """A row that another user changed, added or deleted since the form was opened."""

    title: str
    change: str
    by: str
    at: datetime | None
    fields: list[FieldDifference] = field(default_factory=list)


class Comparison:
    """A comparison of a form that was sent with the stored rows.

    `differences` has the changes of others. `data` makes a new form from the stored rows and the
    changes of this user. A field that this user did not change has the stored value, so saving
    does not undo the changes of others. A row that others deleted becomes a new row if this user
    changed it. If the state of the form is unknown, `was` is None, and every field that differs
    counts as changed by this user.
    """

    def __init__(
        self, sent: QueryDict, was: FormState | None, now: FormState, forms: dict[str, FormRows]
    ) -> None:
        self.sent, self.was, self.now, self.forms = sent, was, now, forms
        self.data = sent.copy()
        self.plain = sent.copy()
        """The data that was sent, with the line breaks from before the browser sent it."""
        for key, values in sent.lists():
            self.plain.setlist(key, [_plain(value) for value in values])
        self.is_redacted = was is not None and was.redacted_since
        self.differences: list[Difference] = []
        self.moved: dict[str, str] = {}
        """The new prefix of the form of each row that was sent; blank if it has none any more."""
        self.is_deleted = not now.rows[""]
        for prefix in forms:
            if prefix == "":
                self._compare_record()
            elif f"{prefix}-TOTAL_FORMS" in sent:
                self._compare_rows(prefix)

    def mask(self, was: str) -> str:
        """Return an old value, or the word `redacted` if there was a redaction since."""
        return _REDACTED if self.is_redacted and was else was

    def _compare_record(self) -> None:
        page = self.forms[""]
        was = dict(next(iter(self.was.rows[""].values()), {})) if self.was else None
        now = next(iter(self.now.rows[""].values()), {})
        typed = self._typed(page, "", was, now)
        if self.is_deleted:
            self._recreate_record(page, was or {}, typed)
        else:
            key = next(iter(page.rows))
            self._note(page, key, "changed", self._merge(page, "", was, now, typed))

    def _recreate_record(self, page: FormRows, was: dict[str, Any], typed: set[str]) -> None:
        """Turn the form of a deleted record into the form of a new one."""
        was = {name: v for name, v in was.items() if name in page.form_class.base_fields}
        fields = [self._difference(page, "", n, was[n], None, typed) for n in was]
        key = next(iter(self.was.rows[""]), "") if self.was else ""
        self._note(page, key, "deleted", [f for f in fields if f.was or f.typed], deleted=True)
        for name in was if self.is_redacted else ():
            if name not in typed:
                self.data.pop(name, None)
        if page.parent in was and page.parent not in self.sent:
            self._write(page, page.parent, page.parent, was[page.parent])

    def _compare_rows(self, prefix: str) -> None:
        """Compare the rows of a formset, and write them in the order of the stored rows."""
        page, now = self.forms[prefix], self.now.rows.get(prefix, {})
        was = self.was.rows.get(prefix, {}) if self.was else None
        below = self.was.below if self.was else {}
        sent = list(self._sent_rows(prefix))
        existing = {row["id"][-1]: (n, row) for n, row in sent if row.get("id", [""])[-1]}
        added = [(n, row) for n, row in sent if not row.get("id", [""])[-1]]
        stored: list[tuple[int | None, dict[str, list[str]]]] = []
        for key, values in now.items():
            if key not in existing:
                stored.append((None, {"id": [key]} | self._stored(page, values)))
                if was is None or key not in was:
                    fields = [
                        self._difference(page, "", n, None, v, set()) for n, v in values.items()
                    ]
                    self._note(page, key, "added", [f for f in fields if f.now])
                continue
            number, row = existing.pop(key)
            before = was.get(key) if was is not None else None
            form = f"{prefix}-{number}-"
            typed = self._typed(page, form, before, values)
            fields = self._merge(page, form, before, values, typed)
            stored.append((number, self._row(form)))
            if fields:
                self._note(page, key, "changed", fields)
            elif "DELETE" in row and self.now.below.get(f"{prefix}-{key}") != below.get(
                f"{prefix}-{key}"
            ):
                self._note(page, key, "changed on its own page (for example its citations)", [])
        for key, (number, row) in existing.items():
            before = was.get(key, {}) if was is not None else None
            form = f"{prefix}-{number}-"
            typed = self._typed(page, form, before, {})
            fields = [
                self._difference(page, form, n, v, None, typed)
                for n, v in (before or {}).items()
                if n in page.form_class.base_fields
            ]
            if not self.is_deleted:
                fields = [f for f in fields if f.was or f.typed]
                self._note(page, key, "deleted", fields, deleted=True)
            if "DELETE" not in row and (typed or (self.is_deleted and not self.is_redacted)):
                kept = {k: v for k, v in row.items() if k in typed or not self.is_redacted}
                added.append((number, kept))
        new = [
            (n, {k: v for k, v in row.items() if k not in ("id", page.parent)}) for n, row in added
        ]
        self.moved |= {f"{prefix}-{number}": "" for number, _ in sent}
        self._write_rows(prefix, stored, new)

    def _typed(
        self, page: FormRows, form: str, was: dict[str, Any] | None, now: dict[str, Any]
    ) -> set[str]:
        """Return the fields that this user changed: those that differ from what the form showed."""
        model = page.form_class._meta.model
        before = now if was is None else was
        shown = {name: _plain(_python(model, name, value)) for name, value in before.items()}
        prefix = form.removesuffix("-") or None
        bound = page.form_class(self.plain, prefix=prefix, instance=model(), initial=shown)
        changed = {name for name in bound.changed_data if name in shown or was is None}
        return changed - {page.parent}

    def _merge(
        self,
        page: FormRows,
        form: str,
        was: dict[str, Any] | None,
        now: dict[str, Any],
        typed: set[str],
    ) -> list[FieldDifference]:
        """Return the fields that differ; write the stored value of those not changed here."""
        fields = []
        for name, value in now.items():
            if was is None:
                if name in typed:
                    fields.append(self._difference(page, form, name, None, value, typed))
            elif was.get(name) != value:
                fields.append(self._difference(page, form, name, was.get(name), value, typed))
                if name not in typed:
                    self._write(page, name, f"{form}{name}", value)
        return fields

    def _difference(
        self, page: FormRows, form: str, name: str, was: Any, now: Any, typed: set[str]
    ) -> FieldDifference:
        model, form_field = page.form_class._meta.model, page.form_class.base_fields[name]
        new = ""
        if name in typed:
            raw = form_field.widget.value_from_datadict(self.sent, {}, f"{form}{name}")
            try:
                new = _format(form_field, form_field.clean(raw))
            except ValidationError:
                new = ", ".join(raw) if isinstance(raw, list) else str(raw or "")
            new = new or "(empty)"
        label = form_field.label or name
        before, after = (_format(form_field, _python(model, name, value)) for value in (was, now))
        return FieldDifference(label, self.mask(before), after, new)

    def _note(
        self,
        page: FormRows,
        key: str,
        change: str,
        fields: list[FieldDifference],
        deleted: bool = False,
    ) -> None:
        if not fields and change in ("changed", "added"):
            return
        row = page.rows.get(key)
        title = f"{page.name}: {row}" if row is not None else page.name
        by, at = _find_last_change(page.form_class._meta.model, key, deleted)
        self.differences.append(Difference(title, change, by, at, fields))

    def _sent_rows(self, prefix: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
        total = self.sent.get(f"{prefix}-TOTAL_FORMS", "")
        number = min(int(total), _MAX_ROWS) if total.isdecimal() else 0
        for index in range(number):
            yield index, self._row(f"{prefix}-{index}-")

    def _row(self, form: str) -> dict[str, list[str]]:
        """Return the values of one row of a formset by the names of its fields."""
        return {k.removeprefix(form): v for k, v in self.data.lists() if k.startswith(form)}

    def _write_rows(self, prefix: str, stored: list[Any], added: list[Any]) -> None:
        number = re.compile(rf"{re.escape(prefix)}-[0-9]+-")
        for key in [key for key in self.data if number.match(key)]:
            del self.data[key]
        for index, (number, row) in enumerate([*stored, *added]):
            if number is not None:
                self.moved[f"{prefix}-{number}"] = f"{prefix}-{index}"
            for name, values in row.items():
                if name == ROW:  # rows of rows come after the rows that they belong to
                    values = [self.moved.get(value, value) for value in values]
                self.data.setlist(f"{prefix}-{index}-{name}", values)
        self.data[f"{prefix}-TOTAL_FORMS"] = str(len(stored) + len(added))
        self.data[f"{prefix}-INITIAL_FORMS"] = str(len(stored))

    def _stored(self, page: FormRows, values: dict[str, Any]) -> dict[str, list[str]]:
        sent = {name: self._encoded(page, name, value) for name, value in values.items()}
        return {name: encoded for name, encoded in sent.items() if encoded is not None}

    def _write(self, page: FormRows, name: str, key: str, value: Any) -> None:
        encoded = self._encoded(page, name, value)
        if encoded is None:
            self.data.pop(key, None)
        else:
            self.data.setlist(key, encoded)

    def _encoded(self, page: FormRows, name: str, value: Any) -> list[str] | None:
        """Return a stored value as a browser sends it; None if it would send nothing."""
        form_field = page.form_class.base_fields[name]
        widget = getattr(form_field.widget, "widget", form_field.widget)
        python = _python(page.form_class._meta.model, name, value)
        if isinstance(widget, CheckboxInput):
            return ["on"] if python else None
        shown = widget.format_value(form_field.prepare_value(python))
        return [str(v) for v in shown] if isinstance(shown, list) else [str(shown or "")]


def _plain(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _python(model: type[Model], name: str, value: Any) -> Any:
    """Convert a value of a signed state to the type of the model field."""
    column: Any = model._meta.get_field(name)
    return value if value is None or isinstance(value, list) else column.to_python(value)


def _format(form_field: Any, value: Any) -> str:
    """Return a value as the form shows it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Model) and value._state.adding:
        return str(value)
    if hasattr(form_field, "label_from_instance"):
        keys = [getattr(v, "pk", v) for v in (value if _is_list(value) else [value])]
        rows = {row.pk: row for row in form_field.queryset.filter(pk__in=keys)}
        return ", ".join(
            form_field.label_from_instance(rows[key]) if key in rows else "(deleted)"
            for key in keys
        )
    labels = {str(key): str(label) for key, label in getattr(form_field, "choices", ())}
    if _is_list(value):
        return ", ".join(labels.get(str(v), str(v)) for v in value)
    return labels.get(str(value), str(value))


def _is_list(value: Any) -> bool:
    return not isinstance(value, str | Model) and hasattr(value, "__iter__")


def _find_last_change(model: type[Model], key: str, deleted: bool) -> tuple[str, datetime | None]:
    """Return the user who last changed a row, and the time, from the audit."""
    if model is User or not key:
        return "", None
    events = audit.event_model(model)._default_manager.filter(pgh_obj_id=key)
    if deleted:
        events = events.filter(pgh_label="delete")
    newest = events.order_by("-pgh_id").values_list("pgh_created_at", "pgh_context__metadata__user")
    at, user = newest.first() or (None, None)
    person = User.objects.filter(pk=user).first() if user else None
    return (person.get_username() if person else "a command" if at else ""), at
