"""The texts of the public site for translators. `make messages` writes the catalogues.

It reads the code without GNU gettext: calls of gettext in Python, tags in templates, and the words
of vocabularies and problems, which pages translate when they show them.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
FOLDERS = ("explorer", "dates", "publishing/presentation")
"""The code of the public site."""
FILES = (
    *("api/reports.py", "curation/reporting.py"),
    *("curation/templates/curation/report.html", "curation/templates/curation/field_errors.html"),
)
"""Further files with texts of the public site."""
_NAMES = {
    "_": 1,
    "gettext": 1,
    "gettext_lazy": 1,
    "translate": 1,
    "ngettext": 2,
    "ngettext_lazy": 2,
    "pgettext": 1,
    "pgettext_lazy": 1,
    "npgettext": 2,
}
"""The functions that translate, with the number of texts that they take after a context."""
_CALL = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\((.*?)\)(?: |$)", re.MULTILINE)
"""A call in what Django makes of a template."""


class Message(NamedTuple):
    """A text to translate."""

    text: str
    plural: str = ""
    context: str = ""


def collect() -> dict[Message, list[str]]:
    """Return the texts of the site, each with the files in which it is."""
    found: dict[Message, list[str]] = {}
    for file in list_files():
        source = file.read_text(encoding="utf-8")
        read = read_python if file.suffix == ".py" else read_template
        for message in read(source):
            found.setdefault(message, []).append(str(file.relative_to(ROOT)))
    for message, place in list_words():
        found.setdefault(message, []).append(place)
    return found


def list_files() -> Iterator[Path]:
    """Yield the files with texts of the site."""
    for folder in FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))
        yield from sorted((ROOT / folder).rglob("*.html"))
    yield from (ROOT / name for name in FILES)


def read_python(source: str) -> Iterator[Message]:
    """Yield the texts in the calls of a Python file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
            yield from make_message(name, texts)


def read_template(source: str) -> Iterator[Message]:
    """Yield the texts in the tags of a template."""
    for name, arguments in _CALL.findall(templatize(source)):
        call = ast.parse(f"f({arguments})", mode="eval").body
        assert isinstance(call, ast.Call)
        texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
        yield from make_message(name, texts)


def make_message(name: str, texts: list[object]) -> Iterator[Message]:
    """Yield the message of a call, if it is one with texts."""
    if name not in _NAMES:
        return
    has_context = name.startswith(("p", "np"))
    needed = texts[: _NAMES[name] + has_context]
    if len(needed) == _NAMES[name] + has_context and all(isinstance(t, str) for t in needed):
        context = str(needed.pop(0)) if has_context else ""
        yield Message(str(needed[0]), str(needed[1]) if len(needed) > 1 else "", context)


def list_words() -> Iterator[tuple[Message, str]]:
    """Yield what pages show of others: words, properties, filters and problems."""
    from api.problems import PROBLEMS
    from explorer.explore.filters import list_filters
    from explorer.explore.forms import write_description
    from publishing.registry import record_types
    from publishing.vocabularies import list_vocabularies

    for name, vocabulary in list_vocabularies().items():
        for word, text in vocabulary.words.choices:
            yield Message(str(text)), f"vocabulary {name}"
            if meaning := vocabulary.meanings[word]:
                yield Message(meaning), f"vocabulary {name}"
    for type_ in record_types().values():
        for name in list_properties(type_.serializer):
            yield Message(name.replace("_", " ").capitalize()), "properties"
    for parameter in list_filters().values():
        yield Message(write_description(parameter)), "filters"
    for _, title, _ in PROBLEMS.values():
        yield Message(title), "problems"


def list_properties(serializer: Any) -> Iterator[str]:
    """Yield the names of the properties of a document, and of what it contains."""
    from publishing import completion

    for name, known in completion.properties(serializer).items():
        yield name
        if known.inner:
            yield from list_properties(known.inner)


def update(language: str) -> list[Message]:
    """Write the catalogue of a language; return the texts that have no translation yet."""
    import polib

    folder = ROOT / "explorer" / "locale" / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    old = {}
    if (folder / "django.po").exists():
        for entry in polib.pofile(str(folder / "django.po")):
            old[Message(entry.msgid, entry.msgid_plural, entry.msgctxt or "")] = entry
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = METADATA | {"Language": language, "Plural-Forms": PLURALS[language]}
    missing = []
    for message, places in sorted(collect().items()):
        entry = polib.POEntry(
            msgid=message.text,
            msgid_plural=message.plural,
            msgctxt=message.context or None,
            occurrences=[(place, "") for place in sorted(set(places))],
        )
        if known := old.get(message):
            entry.msgstr, entry.msgstr_plural = known.msgstr, known.msgstr_plural
        if "%(" in message.text:
            entry.flags.append("python-format")
        if not (entry.msgstr or any(entry.msgstr_plural.values())):
            missing.append(message)
        catalogue.append(entry)
    catalogue.save(str(folder / "django.po"))
    catalogue.save_as_mofile(str(folder / "django.mo"))
    return missing


METADATA = {
    "Project-Id-Version": "Muster",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
PLURALS = {
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : "
    "n%100>=11 && n%100<=99 ? 4 : 5;"
}
"""The rules of plurals."""


if __name__ == "__main__":
    import django

    django.setup()
    for code, _ in settings.LANGUAGES[1:]:
        untranslated = update(code)
        sys.stdout.write("".join(f"{code}: {message.text}\n" for message in untranslated))
        sys.stdout.write(f"{code}: {len(untranslated)} texts have no translation\n")
