"""What the folder listing promises: directions of import, and tables that stand alone."""

import ast
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from pghistory.models import Event

from curation.models import AccountEvent, OpenForm, Report, SavedForm, UserSession
from editorial.models import (
    Comment,
    Merge,
    Record,
    RedactionGuard,
    RemovedData,
    RemovedRow,
    Submission,
    SubmissionItem,
    User,
)
from exchange.models import ImportedRow
from jobs.models import Job
from publishing.models import Edition, EntryRow, Release, TableRow
from publishing.registry import record_types
from publishing.totals import TotalsTable

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["explorer", "benchmarks", "exchange", "incidents", "actors", "places", "sources"]
ORDER += ["curation", "jobs", "editorial", "api", "publishing", "dates"]
"""The apps, from the top to the bottom: each may import those behind it."""
FORBIDDEN = {app: {"config"} for app in ORDER}
"""Imports that are forbidden although the order of the apps allows them."""
FORBIDDEN["editorial"].add("api")
FORBIDDEN["benchmarks"].clear()  # it starts servers and databases, as `config` does
FORBIDDEN["explorer"] |= {*ORDER} - {"explorer", "api", "publishing", "dates"}  # it asks the API
PUBLIC_SIDE = ("entries", "filters", "views")
"""The modules of the domain apps that answer requests, as `api` does."""
OURS = [model for model in apps.get_models() if model._meta.app_label in ORDER]
EVENTS = [model for model in OURS if issubclass(model, Event)]
PUBLIC = (Edition, Release, TableRow)
WORKING = [
    model
    for model in OURS
    if not issubclass(model, Event | EntryRow | TotalsTable)
    and model
    not in (
        *PUBLIC,
        AccountEvent,
        Comment,
        ImportedRow,
        Job,
        Merge,
        OpenForm,
        RedactionGuard,
        RemovedData,
        RemovedRow,
        Report,
        SavedForm,
        Submission,
        SubmissionItem,
        User,
        UserSession,
    )
]


def modules() -> dict[str, Path]:
    """Return the files of all apps and of `config` by their dotted names."""
    found = {}
    for app in (*ORDER, "config"):
        for file in (ROOT / app).rglob("*.py"):
            if "migrations" not in file.parts:
                name = ".".join(file.relative_to(ROOT).with_suffix("").parts)
                found[name.removesuffix(".__init__")] = file
    return found


MODULES = modules()


def imported(file: Path) -> set[str]:
    """Return the modules that a file imports, wherever in it; of ours the very file."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = file.relative_to(ROOT).parent.parts
            above = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            for name in node.names:
                full = f"{module}.{name.name}"
                found.add(full if full in MODULES else module)
    return found


def is_public_side(module: str) -> bool:
    """Return whether a module is of the public API."""
    app, *rest = module.split(".")
    return app in ("api", "explorer") or (bool(rest) and rest[0] in PUBLIC_SIDE)


@pytest.mark.parametrize("app", ORDER)
def test_imports_go_one_way(app: str) -> None:
    forbidden = {*ORDER[: ORDER.index(app)], *FORBIDDEN[app]}
    for name, file in MODULES.items():
        if name.split(".")[0] == app:
            wrong = {module for module in imported(file) if module.split(".")[0] in forbidden}
            assert not wrong, f"{name} imports {wrong}, which is above it"


def test_no_files_import_each_other_in_a_circle() -> None:
    graph = {name: imported(file) & MODULES.keys() - {name} for name, file in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("These files import each other: " + " -> ".join(error.args[1]))


def test_dates_know_no_django() -> None:
    for name, file in MODULES.items():
        if name.split(".")[0] == "dates":
            assert not {module for module in imported(file) if module.startswith("django")}, name


@pytest.mark.parametrize("module", [name for name in MODULES if is_public_side(name)])
def test_the_public_api_has_no_way_to_a_working_table(module: str) -> None:
    for found in imported(MODULES[module]):
        app, *rest = found.split(".")
        working = app in ("editorial", "curation") or (
            app in ORDER and app != "publishing" and rest[:1] == ["models"]
        )
        assert not working, f"{module} imports {found}: read editions and index entries instead"


def test_models_import_no_rest_framework() -> None:
    for app in ORDER:
        for file in [*ROOT.glob(f"{app}/models.py"), *ROOT.glob(f"{app}/models/*.py")]:
            assert not {m for m in imported(file) if m.startswith("rest_framework")}, file


def test_apps_are_listed_with_the_most_dependent_first() -> None:
    labels = [config.label for config in apps.get_app_configs()]
    positions = [labels.index(app) for app in ORDER if app in labels]
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


@pytest.mark.parametrize("model", WORKING)
def test_parts_cascade_and_references_protect(model: type[models.Model]) -> None:
    for field in model._meta.local_fields:
        if field.is_relation:
            part = field.remote_field.on_delete is models.CASCADE
            assert part or field.remote_field.on_delete is models.PROTECT
            assert part or issubclass(field.related_model, Record)


@pytest.mark.parametrize("model", [m for m in OURS if issubclass(m, EntryRow) or m in PUBLIC])
def test_public_tables_have_no_foreign_keys(model: type[models.Model]) -> None:
    assert not any(field.is_relation for field in model._meta.get_fields())
