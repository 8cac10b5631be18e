"""How to cite a release: as a text, and in the formats of citation managers."""

import json
import re
from dataclasses import dataclass
from typing import Any, Self

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True)
class Release:
    """What a citation of a release says."""

    database: str
    name: str
    day: str
    """The day on which it was made, as YYYY-MM-DD."""
    snapshot: str
    licence: str
    address: str

    @classmethod
    def of(cls, release: dict[str, Any], database: str, address: str) -> Self:
        """Return what to cite of a release that the API describes."""
        day = release["published_at"][:10]
        return cls(
            *(database, release["name"], day, release["snapshot"], release["licence"], address)
        )


def write_text(release: Release) -> str:
    """Return the citation as a sentence."""
    return (
        f"{release.database}, release {release.name}, {release.day} "
        f"(snapshot {release.snapshot}). {release.address}. {release.licence}."
    )


def write_bibtex(release: Release) -> str:
    """Return the citation as an entry of BibTeX."""
    year, month, _ = release.day.split("-")
    key = re.sub("[^a-z0-9]+", "-", release.database.lower()).strip("-") or "release"
    database, licence = _escape(release.database), _escape(release.licence)
    lines = [
        f"@misc{{{key}-{release.name},",
        f"  author = {{{{{database}}}}},",
        f"  title = {{{{{database}, release {release.name}}}}},",
        f"  year = {{{year}}},",
        f"  month = {_MONTHS[int(month) - 1]},",
        f"  version = {{{release.name}}},",
        f"  url = {{{release.address}}},",
        f"  note = {{Dataset. Snapshot {release.snapshot}. Licence: {licence}}},",
        "}",
    ]
    return "\n".join(lines) + "\n"


def write_cff(release: Release) -> str:
    """Return the citation as a CITATION.cff file; JSON strings are YAML."""
    title = f"{release.database}, release {release.name}"
    lines = [
        "cff-version: 1.2.0",
        'message: "If you use these data, cite this release."',
        "type: dataset",
        f"title: {_quote(title)}",
        "authors:",
        f"  - name: {_quote(release.database)}",
        f"version: {_quote(release.name)}",
        f"date-released: {_quote(release.day)}",
        f"url: {_quote(release.address)}",
        f"abstract: {_quote(f'The data have the licence {release.licence}.')}",
        "identifiers:",
        "  - type: other",
        f"    value: {_quote(release.snapshot)}",
        '    description: "The snapshot of the public record that the release names."',
    ]
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)


def _quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
