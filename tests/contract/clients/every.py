"""Calls every operation of the generated Python client with its required arguments alone.

Prints the status of each, and the arguments that the client was given.
"""

import importlib
import inspect
import json
import pkgutil
import sys
from enum import Enum
from typing import Any, get_args, get_type_hints

import muster_client.api
from muster_client import Client
from muster_client.models import Problem


def typed(value: Any, hint: Any) -> Any:
    """Return a value as the client wants it: words of a list as members of their enumeration."""
    if hasattr(hint, "from_dict"):  # a body
        return hint.from_dict(value)
    (inner,) = get_args(hint) or (None,)
    if isinstance(inner, type) and issubclass(inner, Enum):
        return [inner(word) for word in value]
    return value


def main(url: str, given: dict[str, dict[str, Any]]) -> None:
    """Call all that there is."""
    client, answers = Client(url), {}
    for module in pkgutil.walk_packages(muster_client.api.__path__, "muster_client.api."):
        if module.ispkg:
            continue
        operation = module.name.rpartition(".")[2]
        call = importlib.import_module(module.name).sync_detailed
        hints = get_type_hints(call)
        required = [
            name
            for name, one in inspect.signature(call).parameters.items()
            if one.default is inspect.Parameter.empty and name != "client"
        ]
        values = {name: typed(given[operation][name], hints[name]) for name in required}
        answer = call(client=client, **values)
        parsed = answer.parsed is not None and not isinstance(answer.parsed, Problem)
        answers[operation] = [answer.status_code.value, parsed, sorted(required)]
    print(json.dumps(answers))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
