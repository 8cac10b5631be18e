"""A database with enough synthetic data for realistic plans, created once per module."""

import secrets
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from incidents import facets, grid
from incidents.filters import all_by_actor
from publishing import search
from tests.conftest import migrated_template, server

INCIDENTS = 3000
RANKED = 200
"""The number of matches that are ranked, in proportion to the number of incidents."""
COLLECTED = 300
"""The number of matches that are collected to be ranked, in the same proportion."""
FEW = 30
"""The number of incidents of which side rows are looked up one by one, in the same proportion."""

COUNTED = 200
"""The number of matches that facets and grids count, in about the same proportion."""


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Connect to the synthetic database until the module ends."""
    own, usual = f"muster_plans_{secrets.token_hex(4)}", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with server() as maintenance:
            template = migrated_template(maintenance)
            maintenance.execute(f"CREATE DATABASE {own} TEMPLATE {template}")
        connection.close()
        connection.settings_dict["NAME"] = own
        try:
            call_command("synthesize", incidents=INCIDENTS, jobs=1)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(search, "RANK_LIMIT", RANKED)
                patch.setattr(search, "COLLECTED", COLLECTED)
                patch.setattr(all_by_actor, "FEW", FEW)
                patch.setattr(facets, "MAX_MATCHES", COUNTED)
                patch.setattr(grid, "MAX_MATCHES", COUNTED)
                yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
            with server() as maintenance:
                maintenance.execute(f"DROP DATABASE {own} WITH (FORCE)")
