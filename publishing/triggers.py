"""The triggers that keep published rows from changing, and the operation that installs them."""

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
def allow(operation: Literal["redact", "rebuild"]) -> Iterator[None]:
    """Let the triggers allow what the operation does, inside this block.

    The block is one transaction. The setting that the triggers read is local to it, so it ends
    with the block or with a rollback and no other connection ever sees it.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('muster.operation', %s, true)", [operation])
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL muster.operation TO DEFAULT")


def unless_allowed(*operations: str) -> str:
    """Return an SQL condition that is true unless `allow` was called for one of the operations."""
    return f"{_OPERATION} NOT IN ({', '.join(map(repr, operations))})"


class _OtherThanClosing(pgtrigger.Condition):
    """The condition that an update of an entry does anything but close it, and is not allowed to.

    Closing sets `until_seq` of a current row to a later `seq` and changes no other column. The
    condition is checked before the trigger function is called, so closing a row costs no call.
    """

    def resolve(self, model: type[models.Model]) -> str:
        # Before an update, PostgreSQL has not generated the new values of generated columns yet.
        columns = [field.column for field in model._meta.concrete_fields if not field.generated]
        changed = " OR ".join(
            f'OLD."{column}" IS DISTINCT FROM NEW."{column}"'
            for column in columns
            if column != "until_seq"
        )
        forever = "9223372036854775807"
        closes = f"OLD.until_seq = {forever} AND NEW.until_seq > NEW.seq"
        return f"((NOT ({closes}) OR {changed}) AND {unless_allowed('redact', 'rebuild')})"


EDITION: list[Any] = [
    pgtrigger.Trigger(
        name="edition_no_update",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(unless_allowed("redact")),
        func=f"{_REFUSE}'An Edition never changes: publish a correction, or redact it.';",
    ),
    pgtrigger.Trigger(
        name="edition_no_delete",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func=f"{_REFUSE}'An Edition is never deleted: withdraw the record, or redact it.';",
    ),
    pgtrigger.Trigger(
        name="edition_no_truncate",
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        func=f"IF {unless_allowed('empty')} THEN {_REFUSE}'Editions are never deleted.'; END IF; "
        "RETURN NULL;",
    ),
]
"""The triggers of Editions. Only tests set `empty`: they truncate their own databases."""

ENTRY: list[Any] = [
    pgtrigger.Trigger(
        name="entry_no_update",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=_OtherThanClosing("true"),
        func=f"{_REFUSE}'An entry never changes, it is only closed: it follows its document.';",
    ),
    pgtrigger.Trigger(
        name="entry_no_delete",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition(unless_allowed("redact", "rebuild")),
        func=f"{_REFUSE}'Only a redaction or rebuild_entries can delete an entry.';",
    ),
]
"""The triggers of index entries, side rows and references."""


TABLE_ROW: list[Any] = [
    pgtrigger.Trigger(
        name="table_row_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition(unless_allowed("redact", "rebuild")),
        func=f"{_REFUSE}'A row of a table never changes: it follows its document.';",
    ),
]
"""The trigger of the rows of tables."""


class InstallTriggers(Operation):
    """Installs the triggers of all models of an app.

    The initial migrations list the triggers in the options of their models and end with this
    operation. With one AddTrigger for each, as in later migrations, Django would render every model
    as many times as there are triggers, and creating a database would take minutes.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change nothing: the state of the models contains the triggers."""

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
