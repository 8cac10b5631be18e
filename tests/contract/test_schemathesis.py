"""schemathesis sends requests to the running server, valid and invalid by its description.

All checks of schemathesis hold, with each of the seeds in MUSTER_SEEDS; MUSTER_EXAMPLES says how
many requests for an operation in each phase. A seed takes minutes, so `make test` skips it: `make
hostile` asks.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from editorial.models import User
from tests.contract.client import ContractClient

EXAMPLES = os.environ.get("MUSTER_EXAMPLES", "4")
SEEDS = [int(seed) for seed in os.environ.get("MUSTER_SEEDS", "").split(",") if seed]
PHASES = "examples,coverage,fuzzing,stateful"  # what the first two ask is not random
RESOURCES = ("actors", "affiliations", "incidents", "places", "publishers", "sources")


@pytest.fixture
def there(transactional_db: None, editor: User, reviewer: User, api: ContractClient) -> str:
    """The seed dataset, published, with a merge and a withdrawal; and what to ask of it for."""
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    keys = {
        resource: [
            key
            for row in api.results(f"{resource}/documents")[:4]
            for key in (row["id"], row.get("slug"))
            if key
        ]
        for resource in RESOURCES
    }
    return json.dumps({"snapshot": api.ask("changes")["snapshot"], "keys": keys})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_server_keeps_to_its_description(
    served: str, there: str, seed: int, tmp_path: Path
) -> None:
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("schemathesis"), "run", f"{served}/api/v1/schema"),
            *("--checks", "all", "--seed", str(seed), "--max-examples", EXAMPLES),
            *("--phases", PHASES if seed == SEEDS[0] else "fuzzing,stateful"),
            *("--no-color", "--continue-on-failure", "--warnings", "off"),
            *("--generation-database", "none", "--output-truncate", "false"),
        ],
        cwd=tmp_path,
        env=os.environ
        | {
            "SCHEMATHESIS_HOOKS": "tests.contract.hostile",
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "MUSTER_THERE": there,
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout[-20_000:]}\n{done.stderr}"
