"""Computed properties: those of summaries that depend on other records, which no text has."""

from collections.abc import Iterable

from django.db.models import Model

from publishing import documents


def build_computed(entry: type[Model], names: Iterable[str]) -> str:
    """Return an expression for a JSON object of properties of the edition `page.seq`.

    They are computed, or columns of `page`; every `%s` in the expression is the snapshot.
    """
    computed: dict[str, str] = getattr(entry, "computed", {})
    pairs = (
        f"'{name}', ({computed[name]})" if name in computed else f"'{name}', page.{name}"
        for name in names
    )
    return f"json_build_object({', '.join(pairs)})"


def append_computed(text: bytes, computed: str | bytes) -> bytes:
    """Return the JSON of an object followed by the properties of another one."""
    return text[:-1] + b"," + documents.dump(documents.load(computed))[1:]
