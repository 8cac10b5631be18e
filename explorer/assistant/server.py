"""The questions of assistants as tools of a server of the Model Context Protocol."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

from explorer.assistant.questions import HOW_TO_READ, QUESTIONS, Assistant, Refusal, ask

INSTRUCTIONS = (
    "A public database of armed actors, their affiliations and the incidents they are involved in. "
    "It can only be read. Find the slug of a name with `search_names` first. " + HOW_TO_READ
)


def make_server(base_url: str) -> MCPServer:
    """Return the server. `base_url` is the address of the site, for citations."""
    server = MCPServer(
        settings.NAME,
        instructions=INSTRUCTIONS,
        website_url=base_url,
        version=settings.VERSION,
        log_level="WARNING",
    )
    assistant = Assistant(base_url)
    for question in QUESTIONS:
        server.add_tool(
            _make_tool(assistant, question),
            description=" ".join(inspect.cleandoc(question.__doc__ or "").split()),
            annotations=ToolAnnotations(
                read_only_hint=True, idempotent_hint=True, open_world_hint=False
            ),
            structured_output=False,
        )
    return server


def _make_tool(assistant: Assistant, question: Callable[..., Any]) -> Callable[..., Any]:
    """Return a question as a coroutine; all run in one thread, with one connection."""
    bound = question.__get__(assistant)

    def run(**arguments: Any) -> str:
        close_old_connections()
        try:
            return ask(bound, **arguments)
        except Refusal as refusal:
            raise ToolError(str(refusal)) from None
        except (DatabaseError, InterfaceError):
            raise ToolError("The database does not answer. Try again later.") from None
        finally:
            close_old_connections()

    @wraps(bound)
    async def tool(**arguments: Any) -> str:
        answer: str = await sync_to_async(run)(**arguments)
        return answer

    tool.__signature__ = inspect.signature(bound).replace(  # type: ignore[attr-defined]
        return_annotation=str
    )
    tool.__annotations__ = {**bound.__annotations__, "return": str}
    return tool
