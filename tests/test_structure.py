"""What the folder listing promises: directions of import, described columns, audited tables."""

import ast
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from pghistory.core import event_models
from pghistory.models import Event

from curation.models import SavedForm
from editorial.models import Merge, Record, RedactionGuard, Submission, SubmissionItem, User
from exchange.models import ImportedRow
from publishing.models import Edition, EntryRow, Release
from publishing.registry import record_types

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "exchange",
    "incidents",
    "actors",
    "places",
    "sources",
    "curation",
    "editorial",
    "api",
    "publishing",
]
OURS = [model for model in apps.get_models() if model._meta.app_label in ORDER]
EVENTS = [model for model in OURS if issubclass(model, Event)]
PUBLIC = (Edition, Release)
WORKING = [
    model
    for model in OURS
    if not issubclass(model, Event | EntryRow)
    and model
    not in (
        *PUBLIC,
        ImportedRow,
        Merge,
        RedactionGuard,
        SavedForm,
        Submission,
        SubmissionItem,
        User,
    )
]


def imported(file: Path) -> set[str]:
    """Return the top-level packages that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").split(".")[0])
    return found


@pytest.mark.parametrize("app", ORDER)
def test_imports_go_one_way(app: str) -> None:
    forbidden = {*ORDER[: ORDER.index(app)], "config"}
    for file in (ROOT / app).rglob("*.py"):
        assert not imported(file) & forbidden, f"{file.relative_to(ROOT)} imports what uses it"


def test_models_import_no_rest_framework() -> None:
    for app in ORDER:
        for file in [*ROOT.glob(f"{app}/models.py"), *ROOT.glob(f"{app}/models/*.py")]:
            assert "rest_framework" not in imported(file), file


def test_apps_are_listed_with_the_most_dependent_first() -> None:
    labels = [config.label for config in apps.get_app_configs()]
    positions = [labels.index(app) for app in ORDER]
    assert all(before < after for before, after in pairwise(positions))


def test_there_are_six_types_of_record() -> None:
    assert list(record_types()) == [
        "publisher",
        "source",
        "place",
        "actor",
        "affiliation",
        "incident",
    ]


@pytest.mark.parametrize("model", [m for m in OURS if m not in EVENTS and m is not User])
def test_every_column_is_described(model: type[models.Model]) -> None:
    undescribed = [
        field.name
        for field in model._meta.local_fields
        if not field.help_text and not field.auto_created and not _is_parent(field)
    ]
    assert not undescribed


def _is_parent(field: models.Field) -> bool:
    return field.is_relation and field.remote_field.on_delete is models.CASCADE


@pytest.mark.parametrize("model", WORKING)
def test_every_working_table_is_audited(model: type[models.Model]) -> None:
    assert len(event_models(tracks_model=model)) == 1
    (events,) = event_models(tracks_model=model)
    assert {tracker.label for tracker in events.pgh_trackers} == {"insert", "update", "delete"}


@pytest.mark.parametrize("model", WORKING)
def test_parts_cascade_and_quotes_protect(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        if field.is_relation:
            part = field.remote_field.on_delete is models.CASCADE
            assert part or field.remote_field.on_delete is models.PROTECT
            assert part or issubclass(field.related_model, Record)


@pytest.mark.parametrize("model", [m for m in OURS if issubclass(m, EntryRow) or m in PUBLIC])
def test_public_tables_stand_alone(model: type[models.Model]) -> None:
    assert not any(field.is_relation for field in model._meta.get_fields())


def test_no_file_is_long() -> None:
    for app in (*ORDER, "config"):
        for file in (ROOT / app).rglob("*.py"):
            if "migrations" not in file.parts:
                assert len(file.read_text().splitlines()) <= 350, file
