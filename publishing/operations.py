"""What migrations do that Django's own operations do not."""

from collections.abc import Iterator
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


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
