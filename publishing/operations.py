"""Operations of migrations."""

from typing import Any

from django.db import migrations


class AlterCheckedField(migrations.AlterField):
    """An AlterField that also replaces the field's check in the database.

    Django creates the check of a field (`db_check`) with the column, and never changes it. So a new
    word of a vocabulary needs this operation: the database refuses it otherwise.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Alter the field, then replace its check."""
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        self._replace_check(app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Alter the field, then put its earlier check back."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        self._replace_check(app_label, schema_editor, to_state)

    def _replace_check(self, app_label: str, schema_editor: Any, state: Any) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        field = model._meta.get_field(self.name)
        table, column = model._meta.db_table, field.column
        others = {constraint.name for constraint in model._meta.constraints}
        names = schema_editor._constraint_names(model, [column], check=True, exclude=others)
        for name in names:
            schema_editor.execute(schema_editor._delete_check_sql(model, name))
        name = names[0] if names else schema_editor._create_index_name(table, [column], "_check")
        check = field.db_check(schema_editor.connection)
        schema_editor.execute(schema_editor._create_check_sql(model, name, check))
