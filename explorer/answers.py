"""What pages read: answers of the public API at one snapshot, without a connection.

A page asks the view of the API at an address as a client would, so it can show nothing that a
client cannot read. The address is also what the page offers to readers as its data.
"""

from copy import copy
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import resolve
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import Fault, Problem
from publishing import documents

API = "/api/v1"
_CACHED = ("GET", "headers", "accepted_types")
"""What Django keeps of a request once it was read."""


class Answers:
    """The public record at one snapshot, read through the API."""

    def __init__(self, request: Request, snapshot: object) -> None:
        self._request: HttpRequest = request._request
        self.snapshot = str(snapshot)

    def get(self, path: str, **parameters: Any) -> Any:
        """Return the answer to a request at the snapshot. Raises Problem where it is refused."""
        return self._read(path, {"snapshot": self.snapshot, **parameters})

    def get_newest(self, path: str, **parameters: Any) -> Any:
        """Return the answer of an address that takes no snapshot."""
        return self._read(path, parameters)

    def address(self, path: str, **parameters: Any) -> str:
        """Return the address at which a client reads the same."""
        query = urlencode({"snapshot": self.snapshot, **parameters}, doseq=True)
        return f"{API}/{path}?{query}"

    def _read(self, path: str, parameters: dict[str, Any]) -> Any:
        address, query = f"{API}/{path}", urlencode(parameters, doseq=True)
        inner = copy(self._request)
        for name in _CACHED:
            vars(inner).pop(name, None)
        inner.method, inner.path, inner.path_info = "GET", address, address
        inner.META = {
            name: value
            for name, value in self._request.META.items()
            if not name.startswith(("HTTP_IF_", "HTTP_RANGE"))
        } | {
            "QUERY_STRING": query,
            "HTTP_ACCEPT": "application/json",
            "HTTP_ACCEPT_ENCODING": "identity",
        }
        vars(inner)["GET"] = QueryDict(query)
        view, arguments, keywords = resolve(address)
        answer = view(inner, *arguments, **keywords)
        if isinstance(answer, Response):
            answer.render()
        content = documents.load(answer.content)
        if answer.status_code == 200:
            return content
        faults = [Fault(**error) for error in content["errors"]]
        raise Problem(content["type"].rsplit("/", 1)[-1], content["detail"], faults)
