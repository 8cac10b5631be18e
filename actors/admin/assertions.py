"""What the forms of everything asserted have in common."""

from typing import Any

ASSERTION: tuple[str, Any] = (
    "What the desk holds of it",
    {"fields": [("assessment", "confidence"), "note", "internal_note"]},
)
VALIDITY_ROWS: list[Any] = [("start", "start_kind"), ("end", "end_kind"), "last_verified"]
