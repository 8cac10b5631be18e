"""What pages read: answers of the public API at one snapshot, without a connection.

A page asks the view of the API at an address as a client would, so it can show nothing that a
client cannot read. The address is also what the page offers to readers as its data.
"""

from collections.abc import Iterable
from copy import copy
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import Fault, Problem
from explorer.languages import DEFAULT
from publishing import documents

API = "/api/v1"
MAX_COUNTED = 10_000
"""The number at which pages stop to count incidents: to count a million takes too long."""
_CACHED = ("GET", "headers", "accepted_types")
"""What Django keeps of a request once it was read."""


class Answers:
    """The public record at one snapshot, read through the API."""

    def __init__(self, request: Request, snapshot: object) -> None:
        self._request: HttpRequest = request._request
        self.snapshot = str(snapshot)

    def get(self, path: str, /, **parameters: Any) -> Any:
        """Return the answer to a request at the snapshot. Raises Problem where it is refused."""
        return self._read(path, {"snapshot": self.snapshot, **parameters})

    def get_newest(self, path: str, /, **parameters: Any) -> Any:
        """Return the answer of an address that takes no snapshot."""
        return self._read(path, parameters)

    def look_up(self, name: str, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return records of a list at the snapshot, by their keys: public ids or slugs."""
        body = documents.dump({"ids": list(keys)})
        answer = self._read(f"{name}/lookup", {"snapshot": self.snapshot}, body)
        records = {record["id"]: record for record in answer["results"]}
        return {match["key"]: records[match["id"]] for match in answer["matches"]}

    def address(self, path: str, /, **parameters: Any) -> str:
        """Return the address at which a client reads the same."""
        query = urlencode({"snapshot": self.snapshot, **parameters}, doseq=True)
        return f"{API}/{path}?{query}"

    def _read(self, path: str, parameters: dict[str, Any], body: bytes | None = None) -> Any:
        address, query = f"{API}/{path}", urlencode(parameters, doseq=True)
        inner = copy(self._request)
        for name in _CACHED:
            vars(inner).pop(name, None)
        inner.method, inner.path, inner.path_info = "GET", address, address
        if body is not None:
            inner.method, inner._stream = "POST", BytesIO(body)
        inner.META = {
            name: value
            for name, value in self._request.META.items()
            if not name.startswith(("HTTP_IF_", "HTTP_RANGE"))
        } | {
            "QUERY_STRING": query,
            "HTTP_ACCEPT": "application/json",
            "HTTP_ACCEPT_ENCODING": "identity",
        }
        if body is not None:
            inner.META |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
        vars(inner)["GET"] = QueryDict(query)
        view, arguments, keywords = resolve(address)
        with translation.override(DEFAULT):  # data is the same in every language
            answer = view(inner, *arguments, **keywords)
            if isinstance(answer, Response):
                answer.render()
        if answer.status_code == HTTPStatus.PERMANENT_REDIRECT:  # of a record that was merged
            return self._read(urlsplit(answer["Location"]).path.removeprefix(f"{API}/"), parameters)
        content = documents.load(answer.content)
        if answer.status_code == 200:
            return content
        faults = [Fault(**error) for error in content["errors"]]
        raise Problem(content["type"].rsplit("/", 1)[-1], content["detail"], faults)
