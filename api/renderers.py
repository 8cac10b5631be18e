"""The formats of answers."""

from typing import Any

from rest_framework.renderers import BaseRenderer

from publishing import documents


class JSONRenderer(BaseRenderer):
    """JSON; what is bytes already passes through."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, *_: Any, **__: Any) -> bytes:
        """Return the body of an answer."""
        if data is None:
            return b""
        return data if isinstance(data, bytes) else documents.dump(data)
