"""What is submitted together: a record, and the drafts without which it could not be public."""

from typing import Any

from curation import status
from editorial import workflow
from editorial.models import Record, Submission, record_models
from publishing import documents


def drafts_quoted(record: Record) -> list[Record]:
    """Return what `record` quotes, and what that quotes, that never was public nor submitted."""
    found, fresh = {str(record.public_id): record}, [record]
    while fresh:
        ids = (
            set[str]().union(*(documents.find_bare_references(one.render()) for one in fresh))
            - found.keys()
        )
        rows: list[Record] = []
        for model in record_models().values():
            rows += model._default_manager.filter(public_id__in=ids)
        status.load_status(rows)
        fresh = [row for row in rows if status.get_status(row).draft]
        found |= {str(row.public_id): row for row in fresh}
    return list(found.values())[1:]


def submit(record: Record, user: Any, note: str) -> Submission:
    """Freeze a record, with the drafts that it quotes, into one submission."""
    return workflow.submit([record, *drafts_quoted(record)], user, note)
