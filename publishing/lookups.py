"""The lookup `any`: whether a key is one of many."""

from typing import Any

from django.db import models
from django.db.models.fields.related import ForeignObject


@ForeignObject.register_lookup
@models.Field.register_lookup
class AnyOf(models.Lookup):
    """Whether a primary key, a foreign key or a public id is one of many.

    The keys are one parameter. With `in` each is one, and thousands of them cost Django and the
    driver more time than the database needs for the query.
    """

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, f"{{{','.join(map(str, self.rhs))}}}")
