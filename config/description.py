"""What the OpenAPI description has besides paths and components: tags, examples and a licence."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from api.problems import PROBLEMS, Fault, InvalidParameters, Problem
from config.directory import DESCRIPTIONS, LINKS

Schema = dict[str, Any]

EXAMPLES = Path(__file__).with_name("examples.json")
"""The examples that depend on the data of the demo; `make schema` writes them."""
_VERSION = "1"
"""The example of the number of an edition."""


@cache
def read_examples() -> Schema:
    """Return the examples: public ids and slugs, values of parameters, cursors and answers."""
    examples: Schema = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return examples


def complete(result: Schema, **options: Any) -> Schema:
    """Return the description with tags, examples and what it says about security."""
    examples = read_examples()
    result["security"] = []
    tags, codes = set[str](), set[str]()
    for path, methods in result["paths"].items():
        for operation in methods.values():
            tags.update(operation["tags"])
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    codes.update(content.get("examples", ()))
            resource = "".join(path.split("/")[3:4])
            for parameter in operation.get("parameters", []):
                _add_example(parameter, resource, operation["operationId"], examples)
            if body := examples["bodies"].get(operation["operationId"]):
                operation["requestBody"]["content"]["application/json"]["example"] = body
            if answer := examples["answers"].get(operation["operationId"]):
                operation["responses"]["200"]["content"]["application/json"]["example"] = answer
    result["components"]["examples"] = {
        code: {"summary": PROBLEMS[code][1], "value": _make_problem(code).body()}
        for code in sorted(codes)
    }
    result["tags"] = [{"name": name, "description": _describe_tag(name)} for name in sorted(tags)]
    return result


def _make_problem(code: str) -> Problem:
    """Return a problem as an example, with an error if it has some."""
    if code != "invalid-parameters":
        return Problem(code)
    detail = "Invalid value for `limit`. Use a whole number from 1 to 1000."
    return InvalidParameters(Fault("invalid", "limit", detail))


def _add_example(parameter: Schema, resource: str, operation: str, examples: Schema) -> None:
    """Add the example of a parameter.

    Pages that let people try an operation fill in the example of a parameter, but not those of its
    schema. So only required parameters have the former.
    """
    name, schema = parameter["name"], parameter["schema"]
    keys = examples["keys"].get(resource, {}) | {"version": _VERSION}
    values: Schema = examples["parameters"] | ({"id": keys["id"]} if "id" in keys else {})
    if cursor := examples["cursors"].get(operation):
        values["cursor"] = cursor
    if parameter["in"] == "path":
        usual = keys.get(name, values.get(f"{resource}.{name}"))
        parameter["example"] = values.get(f"{operation}.{name}", usual)
        return
    if name in values:
        schema["examples"] = [[values[name]] if schema["type"] == "array" else values[name]]
    if parameter.get("required") and "examples" in schema:
        (parameter["example"],) = schema.pop("examples")


def _describe_tag(name: str) -> str:
    """Return what a group of operations is about."""
    if name == "directory":
        return "Links to everything in the API: start here."
    template = "datapackage.json" if name == "datapackage" else name
    for address, text in LINKS.values():
        if address.partition("{")[0] == template:
            return text
    return DESCRIPTIONS[name]
