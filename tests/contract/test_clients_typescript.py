"""TypeScript clients, unedited, against a running server; `tsc --strict` checks them.

Two of them: the types of openapi-typescript with openapi-fetch, and all that @hey-api/openapi-ts
writes. The generators come from npm as `package-lock.json` names them, once for many runs.
"""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.contract.calls import Call, calls
from tests.contract.client import description
from tests.contract.clients import FOUND, HERE, install, run
from tests.test_cookbook import COOKBOOK

pytestmark = pytest.mark.xdist_group("clients")  # one process generates them, once


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder of the generators, filled at the first run; skips where they cannot be had."""
    return install(HERE)


def programs() -> dict[str, str]:
    """Return a program for each client that calls every operation with its required arguments.

    They are text, so that `tsc --strict` tells where an argument more is required.
    """
    fetch = "".join(
        f"  {call.operation}: (await client.{_method(call)}({_fetched(call)})).response,\n"
        for call in calls()
    )
    hey = "".join(
        f"  {call.operation}: (await sdk.{_camel(call.operation)}({{ client{_sent(call)} }}))"
        ".response,\n"
        for call in calls()
    )
    return {
        "every-fetch.ts": 'import createClient from "openapi-fetch";\n'
        'import type { paths } from "./schema.js";\n'
        "declare const process: { argv: string[] };\n"
        "const client = createClient<paths>({ baseUrl: process.argv[2] });\n"
        f"const every = {{\n{fetch}}};\n"
        "const status = Object.entries(every).map(([name, { status }]) => [name, status]);\n"
        "console.log(JSON.stringify({ status: Object.fromEntries(status) }));\n",
        "every-hey.ts": 'import { createClient, createConfig } from "./hey/client/index.js";\n'
        'import * as sdk from "./hey/sdk.gen.js";\n'
        "declare const process: { argv: string[] };\n"
        'const client = createClient(createConfig({ baseUrl: process.argv[2] ?? "" }));\n'
        f"const every = {{\n{hey}}};\n"
        "const status = Object.entries(every).map(([name, answer]) => [name, answer?.status]);\n"
        "const functions = Object.keys(sdk);\n"
        "console.log(JSON.stringify({ status: Object.fromEntries(status), functions }));\n",
    }


def _fetched(call: Call) -> str:
    """Return the arguments of a call by openapi-fetch."""
    parts = {"path": call.arguments, "query": call.query}
    params = {name: values for name, values in parts.items() if values}
    options = {"params": params} if params else {}
    if call.body is not None:
        options["body"] = call.body
    return ", ".join(map(json.dumps, [call.path, *[options] * bool(options)]))


def _method(call: Call) -> str:
    return "GET" if call.body is None else "POST"


def _sent(call: Call) -> str:
    """Return the further options of a call by @hey-api/client-fetch."""
    parts = {"path": call.arguments or None, "query": call.query or None, "body": call.body}
    given = {name: values for name, values in parts.items() if values is not None}
    return "".join(f", {name}: {json.dumps(values)}" for name, values in given.items())


def _camel(operation: str) -> str:
    """Return an operation id as a function of TypeScript is called."""
    first, *others = operation.split("_")
    return first + "".join(word.capitalize() for word in others)


def read_cookbook() -> tuple[str, str]:
    """Return the program in the cookbook, for any server, and what it prints."""
    ((program, printed),) = re.findall(
        r"^```ts\n(.*?)^```\n\n^```text\n(.*?)^```$", COOKBOOK.read_text(), re.MULTILINE | re.DOTALL
    )
    declared = "declare const process: { argv: string[] };\n"
    return declared + program.replace('"http://localhost:8000"', "process.argv[2]"), printed


@pytest.fixture(scope="session")
def clients(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both clients and the programs that use them, type-checked strictly and compiled."""
    folder = tmp_path_factory.mktemp("clients")
    for file in HERE.iterdir():
        if file.suffix in (".ts", ".js", ".json"):
            shutil.copy(file, folder)
    (folder / "node_modules").symlink_to(packages)
    for name, text in (programs() | {"cookbook.ts": read_cookbook()[0]}).items():
        (folder / name).write_text(text)
    (folder / "openapi.json").write_text(json.dumps(description()))
    bin_ = packages / ".bin"
    run(bin_ / "openapi-typescript", "openapi.json", "-o", "schema.d.ts", cwd=folder)
    run(bin_ / "openapi-ts", cwd=folder)
    run(bin_ / "tsc", "--strict", cwd=folder)
    return folder / "made"


@pytest.mark.parametrize("program", ["fetch.js", "hey.js"])
def test_they_find_all_records(
    clients: Path, served_actors: Any, served: str, program: str
) -> None:
    assert json.loads(run("node", program, served, cwd=clients)) == FOUND


@pytest.mark.parametrize("program", ["every-fetch.js", "every-hey.js"])
def test_every_operation_works_with_its_required_arguments_alone(
    clients: Path, transactional_db: None, findable: None, served: str, program: str
) -> None:
    answers = json.loads(run("node", program, served, cwd=clients))
    assert answers["status"] == {call.operation: 200 for call in calls()}
    if "functions" in answers:
        assert sorted(answers["functions"]) == sorted(_camel(call.operation) for call in calls())


@pytest.fixture
def served_seed(transactional_db: None, publish: Any, served: str) -> str:
    """The address of a server with the dataset of the demo."""
    call_command("load", "seed", submit_as="editor", approve_as="reviewer", verbosity=0)
    return served


def test_the_program_in_the_cookbook_prints_what_is_below_it(
    clients: Path, served_seed: str
) -> None:
    assert run("node", "cookbook.js", served_seed, cwd=clients) == read_cookbook()[1]


def test_a_dashboard_needs_no_cast(clients: Path, served_seed: str) -> None:
    """An autocomplete, facets, a list, a detail panel with linked sources, and what is new."""
    text = (HERE / "dashboard.ts").read_text()
    assert len(text.splitlines()) < 100
    assert not re.search(r"\bas\b(?! a\b)|\bany\b|@ts-|[\w)\]]!", text), "a cast"
    panels = json.loads(run("node", "dashboard.js", served_seed, cwd=clients))
    assert panels == {
        "actor": "United States (United States, 4 incidents)",
        "kinds": ["invasion: 1", "targeted killing: 2", "withdrawal: 2"],
        "years": ["2020: 2"],
        "count": 2,
        "detail": {
            "heading": "2020?: Killing of Abu Mahdi al-Muhandis",
            "actors": ["perpetrator: United States", "victim: Abu Mahdi al-Muhandis"],
            "killed": None,
            "quotes": 1,
            "links": [{"title": "[As concerns rose overnight about Iran tensions]", "url": None}],
        },
        "news": [
            "publish incident: Killing of Abu Mahdi al-Muhandis",
            "publish incident: Killing of Qasem Soleimani",
            "publish incident: US withdrawal from many areas in Iraq (Iraq)",
        ],
    }
