"""Publishing the island, and then correcting it as editors do: in two releases."""

from datetime import date
from pathlib import Path
from typing import Any

import pghistory
import yaml
from django.conf import settings
from django.db import transaction

from api.releases import make_release
from editorial import merging, workflow
from editorial.models import Record, User
from editorial.redaction.redact import redact
from editorial.redaction.validation import check_note
from exchange.island.incidents import make_incidents
from exchange.island.periodicals import make_periodicals
from exchange.island.writing import Dataset, write_records
from exchange.set_aside import is_confidential
from exchange.yaml_reader import RESOLVERS
from incidents.models import CasualtyFigure, Incident
from places.models import Place
from sources.codes import FigureRole
from sources.models import Source

COMMAND = "load_island"
FOLDER: Path = settings.ROOT / "fixtures" / "island"
RELEASES = ("island-1", "island-2")
"""The names of the releases: before the last half year and the corrections, and after them."""
_SECOND = date(2026, 1, 1)
"""The first day of the incidents that are published after the first release."""
WITNESS = "Mara Ellery"
"""The invented witness whose name is published and then redacted."""


class _Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A fast reader that leaves numbers and dates as texts, as `exchange.yaml_reader` does."""

    yaml_implicit_resolvers = RESOLVERS


def read_dataset() -> Dataset:
    """Return all records of the island, those of the file and those that are generated."""
    text = (FOLDER / "island.yaml").read_text(encoding="utf-8")
    dataset: dict[str, list[dict[str, Any]]] = yaml.load(text, _Reader)  # noqa: S506 - a safe one
    dataset["sources"] += make_periodicals()
    dataset["incidents"] += make_incidents(dataset["places"])
    return dataset


@transaction.atomic
def load_island(editor: User, reviewer: User) -> int:
    """Write and publish the island; return the number of records, 0 if it is there already."""
    dataset = read_dataset()
    if Place.objects.filter(public_id=dataset["places"][0]["public_id"]).exists():
        return 0
    with pghistory.context(command=COMMAND, user=editor.pk):
        records = write_records(dataset)
    public = [record for record in records.values() if not is_confidential(record)]
    late = [record for record in public if _is_late(record)]
    early = [record for record in public if not _is_late(record)]
    _publish(early, editor, reviewer, "First publication of the island.")
    make_release(RELEASES[0], "The island up to the end of 2025 (fictional).", check_note)
    _publish(late, editor, reviewer, "Adds the first half of 2026.")
    _correct(records, editor, reviewer)
    note = "Adds the first half of 2026, with corrections (fictional)."
    make_release(RELEASES[1], note, check_note)
    return len(public)


def _is_late(record: Record) -> bool:
    return (
        isinstance(record, Incident)
        and record.date_start is not None
        and record.date_start >= _SECOND
    )


def _publish(records: list[Record], editor: User, reviewer: User, note: str) -> None:
    submission = workflow.submit(records, editor, note)
    workflow.approve(submission, reviewer, just_frozen=True)
    workflow.publish(submission, reviewer)


def _correct(records: dict[tuple[str, str], Record], editor: User, reviewer: User) -> None:
    """Correct, withdraw, merge and redact one incident each."""
    mortars = records["incident", "fellmarket-mortars"]
    with pghistory.context(command=COMMAND, user=editor.pk):
        killed = CasualtyFigure.objects.get(
            incident=mortars.pk, measure="killed", role=FigureRole.RECOMMENDED
        )
        killed.best = 5
        killed.save()
        killed.citations.create(
            source=Source.objects.get(pk=records["source", "tidewatch-7"].pk),
            quote="A fifth person died of her injuries on 14 August.",
            quote_language="en",
        )
    _publish([mortars], editor, reviewer, "A fifth person died of her injuries.")
    workflow.withdraw(
        records["incident", "reported-landing"],
        reviewer,
        "The boats were fishing boats: there was no landing.",
    )
    merging.merge(
        records["incident", "ferry-again"],
        records["incident", "ferry"],
        reviewer,
        "Both describe the attack on the ferry Kittiwake.",
    )
    redact(
        records["incident", "courier-arrest"],
        reviewer,
        "The name of a witness is removed for her safety.",
        values=[WITNESS],
    )
