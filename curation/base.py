"""The base of every page: what may be looked up, and how rows are shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from curation.fields import FormFields, GuardedForm, days
from curation.optimistic_locking import OptimisticLockingAdmin
from publishing.bidi import remove_isolates

OCCURRENCE: tuple[str, Any] = (
    "When it happened",
    {"fields": [("date", "as_of"), ("date_start", "date_end", "date_precision")]},
)
VALIDITY: tuple[str, Any] = (
    "When it held",
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


class MusterAdmin(FormFields, OptimisticLockingAdmin):
    """A page of the admin that looks up what it names and nothing else."""

    form = GuardedForm
    change_list_template = "admin/muster/change_list.html"
    change_form_template = "admin/muster/change_form.html"
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    nothing_yet = ""
    """What a list says while it is empty."""

    class Media:
        css = {"all": ["curation/admin.css"]}

    def label(self, row: Any) -> str:
        """Return the words by which a row is offered to be picked."""
        return str(row)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Add the columns that are computed."""
        columns = {field.name for field in self.model._meta.fields}
        derived = [shown for column, shown in _DERIVED.items() if column in columns]
        return [*super().get_readonly_fields(request, obj), *derived]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Find what was copied from a page, where names are isolated."""
        return super().get_search_results(request, queryset, remove_isolates(search_term))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow what the filters of the page ask; Django would allow every local column."""
        named = {self.date_hierarchy} if self.date_hierarchy else set()
        filters: Any = self.list_filter if request is None else self.get_list_filter(request)
        for item in filters:
            named.add(item if isinstance(item, str) else item.parameter_name)
        return lookup in named or any(
            lookup.removeprefix(f"{name}__") in _COMPARISONS for name in named
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Call the row what it is called where it is picked."""
        if (row := kwargs.get("obj")) is not None:
            context |= {"subtitle": self.label(row)}
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description="certain")
    def certain_days(self, row: Any) -> str:
        """Show the days on which it certainly held."""
        return days(row.certain)

    @admin.display(description="possible")
    def possible_days(self, row: Any) -> str:
        """Show the days on which it may have held."""
        return days(row.possible)
