"""What a change must not forget: each test fails with a sentence that says what to do."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.db import models
from django.test import RequestFactory
from django.urls import get_resolver
from pghistory.core import event_models

from editorial.models import Record, User
from editorial.models.record import record_models
from publishing import documents, index
from publishing.completion import Property, fingerprint, properties
from publishing.models import Edition
from publishing.registry import record_types
from tests.publishing.test_completion import ENVELOPE, ID, TYPES, is_optional, sample
from tests.test_structure import EVENTS, OURS, ROOT, WORKING

PRIVATE = {
    "internal_note": "it is for editors alone",
    "dropped_name": "a name that must not stay public",
    "confidential": "it decides whether citations name the source",
    "precision": "the exact precision of a location is not public",
    "latitude": "an exact coordinate; the property `point` shows it where that is public",
    "longitude": "an exact coordinate; the property `point` shows it where that is public",
    "private_place": "an exact place; the property `place` shows what is public",
    "search_key": "the folded name, by which editors find the record",
    "label_key": "the folded label, by which `check_quality` compares it with names",
    "speaker_key": "the folded label of the speaker, in the same way",
    "PossibleDuplicate": "a guess of an import, for editors alone",
}
"""Columns, and whole tables, that no serializer may show, with the reason."""
NOT_IN_FORMS = {"public_id": "it is random and never changes"}
"""Columns that no admin form may show, with the reason."""


def columns(model: type[models.Model]) -> list[models.Field]:
    """Return the columns of a working table, without its key and the key of its parent."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not _is_parent(field)
    ]


def _is_parent(field: models.Field) -> bool:
    return field.is_relation and field.remote_field.on_delete is models.CASCADE


@cache
def in_forms() -> set[tuple[type[models.Model], str]]:
    """Return the columns that some form of the admin shows, for entry or to be read."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    found = set()
    for model, page in admin.site._registry.items():
        for form in (page, *(inline(model, admin.site) for inline in page.inlines)):
            for _, options in form.get_fieldsets(request):
                found |= {(form.model, str(name)) for name in flatten(options["fields"])}
    return found


@cache
def in_serializers() -> set[tuple[type[models.Model], str]]:
    """Return the columns that some property of a document shows."""
    return {
        found
        for registration in record_types().values()
        for found in _shown(registration.serializer, registration.serializer.Meta.model)
    }


def _shown(serializer: Any, model: Any) -> Iterator[tuple[type[models.Model], str]]:
    for name, known in properties(serializer).items():
        field = serializer.fields[name]
        for column in getattr(field, "columns", (field.source,)):
            yield model, column
        if known.inner is not None and not known.is_reference:
            parts = {
                relation.get_accessor_name(): relation for relation in model._meta.related_objects
            }
            part = parts.get(field.source)
            yield from _shown(known.inner, part.related_model if part else model)


@pytest.mark.parametrize("model", WORKING)
def test_every_column_is_in_an_admin_form(model: type[models.Model]) -> None:
    included = {name for included, name in in_forms() if included is model} | NOT_IN_FORMS.keys()
    missing = {field.name for field in columns(model) if field.editable} - included
    assert not missing, (
        f"No admin form shows {', '.join(missing)} of {model.__name__}: add it to the fieldsets in "
        f"{model._meta.app_label}/admin.py."
    )


@pytest.mark.parametrize("model", WORKING)
def test_every_column_is_in_a_serializer(model: type[models.Model]) -> None:
    included = {name for included, name in in_serializers() if included is model} | PRIVATE.keys()
    missing = {field.name for field in columns(model)} - included
    assert not missing or model.__name__ in PRIVATE, (
        f"No document shows {', '.join(missing)} of {model.__name__}: add it to Meta.fields of its "
        f"serializer in {model._meta.app_label}/serializers, or to PRIVATE in this file if it must "
        "never be public."
    )


@pytest.mark.parametrize("model", [m for m in OURS if m not in EVENTS and m is not User])
def test_every_column_is_described(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        assert field.help_text or field.auto_created or _is_parent(field), (
            f"{model.__name__}.{field.name} has no help_text: say in one sentence what it means. "
            "The API and the admin show it."
        )


RARE = {
    "gaps": "only the date of a set with a hole has gaps",
    **dict.fromkeys(
        ("centroid_latitude", "centroid_longitude", "centroid_cell"),
        "only an incident without a point is at the centroid of its place",
    ),
}
"""Columns of entries that a document with every property leaves blank, and why."""


@pytest.mark.parametrize("name", TYPES)
def test_every_index_column_is_filled(name: str) -> None:
    registration = record_types()[name]
    document = sample(registration.serializer) | ENVELOPE
    for row in document.get("statements", ()):
        row["withdrawn_by"] = None  # a statement that is withdrawn does not count
    text = documents.dump(document).decode()
    shape = fingerprint(registration.serializer)
    edition = Edition(type=name, record=ID, seq=1, document=text, public=True, shape=shape)
    rows = list(index.build_rows(edition))
    for table in (registration.entry, *registration.entry.sides):
        own = [row for row in rows if type(row) is table]
        assert own, f"{registration.entry.__name__}.from_document makes no {table.__name__}."
        for field in (f for f in table._meta.concrete_fields if not f.generated):
            values = [getattr(row, field.attname) for row in own]
            blank = (None, "", [], field.get_default())
            is_blank = all(value in blank for value in values)
            assert not is_blank or field.name in ("id", "until_seq", *RARE), (
                f"{registration.entry.__name__}.from_document does not fill "
                f"{table.__name__}.{field.name}, although the document has every property."
            )


@pytest.mark.parametrize("model", WORKING)
def test_every_working_table_is_audited(model: type[models.Model]) -> None:
    audits = event_models(tracks_model=model)
    assert audits, (
        f"Nothing records who changes a {model.__name__}: decorate it with @pghistory.track()."
    )
    (events,) = audits
    assert {tracker.label for tracker in events.pgh_trackers} == {"insert", "update", "delete"}


def related(model: type[models.Model], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the way to each part of a record and to each record that it or a part refers to."""
    for field in columns(model):
        if field.is_relation and field.name not in PRIVATE:
            yield path + field.name, field
    for relation in model._meta.related_objects:
        part, name = relation.related_model, relation.get_accessor_name()
        if part in WORKING and _is_parent(relation.field) and part.__name__ not in PRIVATE:
            yield path + name, relation
            yield from related(part, f"{path}{name}__")


@pytest.mark.parametrize("model", record_models().values())
def test_every_part_is_fetched_for_rendering(model: type[Record]) -> None:
    fetched = model.serializer().prefetch
    for path, _ in related(model):
        assert any(f"{known}__".startswith(f"{path}__") for known in fetched), (
            f"Rendering a {model.type_name} reads “{path}” with a query for each row: add it to "
            f"`prefetch` of {type(model.serializer()).__name__}."
        )


def filter_sets() -> dict[str, set[str]]:
    """Return the parameters of each operation of the API by the name of its filter set."""
    found: dict[str, set[str]] = {}
    for view in _views(get_resolver().url_patterns):
        filters = getattr(view, "filterset_class", None)
        if filters is not None:
            found[filters.__name__] = set(filters.base_filters)
    return found


def _views(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern.url_patterns)
        else:
            yield getattr(pattern.callback, "cls", getattr(pattern.callback, "view_class", None))


@cache
def text_of_tests() -> str:
    """Return the text of the tests that ask for single parameters."""
    folders = [folder for folder in (ROOT / "tests").iterdir() if folder.name != "contract"]
    return "\n".join(
        file.read_text() for folder in folders for file in Path(folder).rglob("test_*.py")
    )


@pytest.mark.parametrize(("name", "parameters"), filter_sets().items())
def test_every_parameter_has_a_direct_test(name: str, parameters: set[str]) -> None:
    untested = [
        parameter
        for parameter in sorted(parameters)
        if not re.search(rf"\b{parameter}=|\"{parameter}\"", text_of_tests())
    ]
    assert not untested, (
        f"No test requests {', '.join(untested)} of {name}: add one to the folder of its app in "
        "tests/ that requests the list with the parameter and checks what it returns."
    )


@cache
def previous() -> dict[str, Any]:
    """Return the components of the description of the release before."""
    file = ROOT / "tests/contract/previous.yaml"
    components: dict[str, Any] = yaml.load(file.read_text(), yaml.CSafeLoader)["components"]
    return components["schemas"]


def added(serializer: Any, schema: Any, path: str = "") -> Iterator[tuple[str, Property]]:
    """Yield the properties that an earlier schema of the same object does not have."""
    for name, known in properties(serializer).items():
        if name not in schema["properties"]:
            yield path + name, known
        elif known.inner is not None:
            inner = resolve(schema["properties"][name])
            yield from added(known.inner, inner, f"{path}{name}.")


def resolve(schema: Any) -> Any:
    """Return the schema of an object from that of a property, which may be a list or null."""
    if "properties" in schema:
        return schema
    if "$ref" in schema:
        return previous()[schema["$ref"].rsplit("/", 1)[1]]
    nested = next(schema[key] for key in ("items", "allOf", "oneOf", "anyOf") if key in schema)
    return resolve(nested[0] if isinstance(nested, list) else nested)


@pytest.mark.parametrize("name", TYPES)
def test_a_property_that_is_new_has_a_value_for_older_documents(name: str) -> None:
    schema = previous()[name.capitalize()]
    for path, known in added(record_types()[name].serializer, schema):
        assert is_optional(known), (
            f"Documents that were published before have no “{path}”: let its column be null or "
            "blank, or give it the word `unknown` or a default."
        )


def test_contributing_names_files_and_entries_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    heads, _, *rows = [
        [cell.strip(" `/") for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    app = ""
    for row in rows:
        app = row[0] or app
        for head, cell in zip(heads, row, strict=True):
            folder = f"tests/{app}" if head == "tests" else f"{app}/{head}"
            if cell.endswith(".py"):
                assert (ROOT / folder / cell).exists(), f"CONTRIBUTING.md names {folder}/{cell}."
            elif head == "entries.py" and cell:
                source = (ROOT / app / head).read_text()
                assert f"class {cell}(" in source, f"CONTRIBUTING.md names the entry {cell}."
            elif head == "admin.py":
                source = (ROOT / app / head).read_text()
                assert f"class {cell.rstrip('…')}" in source, f"CONTRIBUTING.md names {cell}."
    for path in re.findall(r"`((?:\w+/)+\w+\.\w+)`", text):
        assert (ROOT / path).exists() or "media" in path, f"CONTRIBUTING.md names {path}."
