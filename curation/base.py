"""The base of every admin: which lookups are allowed, and how rows are shown."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.fields import FormFields, GuardedForm, format_days
from curation.names import write_name_lists
from curation.optimistic_locking import OptimisticLockingAdmin
from publishing.bidi import remove_isolates

OCCURRENCE: tuple[str, Any] = (
    "Date",
    {"fields": [("date", "as_of"), ("date_start", "date_end", "date_precision")]},
)
VALIDITY: tuple[str, Any] = (
    "Period",
    {
        "fields": [
            ("start", "start_kind"),
            ("end", "end_kind"),
            "last_verified",
            ("certain_days", "possible_days"),
        ]
    },
)
_DERIVED = {
    "public_id": "public_id",
    "date_start": "date_start",
    "date_end": "date_end",
    "date_precision": "date_precision",
    "certain": "certain_days",
    "possible": "possible_days",
}
_COMPARISONS = {"exact", "isnull", "id__exact", "gte", "lt", "year", "month", "day"}


def is_reviewer(request: HttpRequest) -> bool:
    """Return whether the user of a request is a reviewer."""
    return bool(getattr(request.user, "is_reviewer", False))


class ReadOnlyAdmin(BaseModelAdmin):
    """A mixin for admins whose rows are never changed or deleted, and by default never added."""

    can_add: ClassVar[bool] = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class EndedFilter(admin.SimpleListFilter):
    """A filter of rows by whether something has ended them, such as a report that was handled.

    `parameter_name` is also the name of the column with the time of that, without its `_at`.
    """

    title = "state"
    states: ClassVar[tuple[str, str]]
    """The state before that, and the one after it."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        before, after = self.states
        return [("no", before), ("yes", after)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Return the rows in the chosen state."""
        is_before = {"no": True, "yes": False}.get(self.value() or "")
        if is_before is None:
            return queryset
        return queryset.filter(**{f"{self.parameter_name}_at__isnull": is_before})


class MusterAdmin(FormFields, OptimisticLockingAdmin):
    """An admin that allows only the lookups of its own filters."""

    form = GuardedForm
    change_list_template = "admin/muster/change_list.html"
    change_form_template = "admin/muster/change_form.html"
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    empty_message = ""
    """Shown in the list while there are no rows."""

    class Media:
        css = {"all": ["curation/admin.css"]}

    def label(self, row: Any) -> str:
        """Return the text that stands for a row in choices and headings."""
        return str(row)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Add the derived columns."""
        columns = {field.name for field in self.model._meta.fields}
        derived = [shown for column, shown in _DERIVED.items() if column in columns]
        return [*super().get_readonly_fields(request, obj), *derived]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Remove the isolates of names that were copied from a page of the admin."""
        return super().get_search_results(request, queryset, remove_isolates(search_term))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the lookups of the filters; Django would allow every local column."""
        names = {self.date_hierarchy} if self.date_hierarchy else set()
        filters: Any = self.list_filter if request is None else self.get_list_filter(request)
        for item in filters:
            names.add(item if isinstance(item, str) else item.parameter_name)
        return lookup in names or any(
            lookup.removeprefix(f"{name}__") in _COMPARISONS for name in names
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Show the label of the row below the title."""
        if (row := kwargs.get("obj")) is not None:
            context |= {"subtitle": self.label(row)}
        context |= {"name_lists": write_name_lists()}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="certain")
    def certain_days(self, row: Any) -> str:
        """Return the days on which it is certain."""
        return format_days(row.certain)

    @admin.display(description="possible")
    def possible_days(self, row: Any) -> str:
        """Return the days on which it is possible."""
        return format_days(row.possible)
