"""Triggers: what the database refuses to change, and how migrations install them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pgtrigger
from django.db import connection, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_OPERATION = "coalesce(current_setting('muster.operation', true), '')"
_REFUSE = "RAISE integrity_constraint_violation USING MESSAGE = "


@contextmanager
def allow(act: Literal["redact", "rebuild"]) -> Iterator[None]:
    """Do something to the public record that only `act` may do, in one transaction.

    The announcement is local to the transaction: it ends with this block, or with a rollback.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('muster.operation', %s, true)", [act])
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL muster.operation TO DEFAULT")


def unless_allowed(*acts: str) -> str:
    """Return the SQL that is true unless one of `acts` announced itself."""
    return f"{_OPERATION} NOT IN ({', '.join(repr(act) for act in acts)})"


class _OtherThanClosing(pgtrigger.Condition):
    """An update that does anything but end a row that stands, and has not announced itself."""

    def resolve(self, model: type[models.Model]) -> str:
        columns = [field.column for field in model._meta.concrete_fields]
        kept = " OR ".join(
            f'OLD."{column}" IS DISTINCT FROM NEW."{column}"'
            for column in columns
            if column != "until_seq"
        )
        forever = "9223372036854775807"
        ends = f"OLD.until_seq = {forever} AND NEW.until_seq > NEW.seq"
        return f"((NOT ({ends}) OR {kept}) AND {unless_allowed('redact', 'rebuild')})"


EDITION: list[Any] = [
    pgtrigger.Trigger(
        name="edition_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(unless_allowed("redact")),
        func=f"{_REFUSE}'An Edition never changes: publish a correction, or redact it.';",
    ),
    pgtrigger.Trigger(
        name="edition_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=f"{_REFUSE}'An Edition is never deleted: withdraw the record, or redact it.';",
    ),
    pgtrigger.Trigger(
        name="editions_kept",
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        func=f"IF {unless_allowed('empty')} THEN {_REFUSE}'Editions are never deleted.'; END IF; "
        "RETURN NULL;",
    ),
]
"""Triggers of Editions. `empty` is announced by tests, which throw their databases away."""

ENTRY: list[Any] = [
    pgtrigger.Trigger(
        name="entry_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=_OtherThanClosing("true"),
        func=f"{_REFUSE}'An entry never changes, it only ends: it is computed from its document.';",
    ),
    pgtrigger.Trigger(
        name="entry_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition(unless_allowed("redact", "rebuild")),
        func=f"{_REFUSE}'An entry is deleted by a redaction or by rebuild_entries alone.';",
    ),
]
"""Triggers of entries, side rows and quotations; a row that is closed costs no call."""


class InstallTriggers(Operation):
    """Install the triggers that the models of an app were created with.

    The initial migrations name them in their models and end with this. An AddTrigger for each, as
    later migrations have it, would render every model anew as often as there are triggers: a new
    database would take minutes instead of seconds.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the models know their triggers."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for trigger in _triggers(app_label, to_state):
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for trigger in _triggers(app_label, from_state):
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        return "Install the triggers of all models"


def _triggers(app_label: str, state: ProjectState) -> Iterator[Any]:
    for (label, _), model in state.models.items():
        if label == app_label:
            yield from model.options.get("triggers", ())
