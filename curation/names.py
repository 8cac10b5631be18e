"""Countries and languages by their names, as editors write and read them."""

from functools import cache

import pycountry
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from publishing.countries import find_country, list_countries
from publishing.normalization import fold_text

_MORE_LANGUAGES = ("ckb", "kmr", "sdh", "arc", "syr", "prs", "zgh", "din", "nus", "fil", "hne")
"""Languages that lists offer although they have no tag of two letters."""


def name_country(code: str) -> str:
    """Return the name of a country; the text itself if it is no code."""
    country = find_country(code)
    return country.short_name if country else code


def find_country_code(text: str) -> str | None:
    """Return the code of a country that is written by its name or its code; None if unknown."""
    if country := find_country(text.strip().upper()):
        return country.alpha_2
    return _country_codes().get(fold_text(text))


@cache
def _country_codes() -> dict[str, str]:
    return {
        fold_text(name): country.alpha_2
        for country in list_countries()
        for name in (country.official_name, country.name, country.common_name, country.alpha_3)
        if name
    }


def name_language(tag: str) -> str:
    """Return the name of a language; the text itself if it has other parts or is unknown."""
    return _language_names().get(tag, tag)


def find_language_tag(text: str) -> str | None:
    """Return the tag of a language that is written by its name; None if it is no known name."""
    return _language_tags().get(fold_text(text))


@cache
def _language_names() -> dict[str, str]:
    names = {}
    for language in pycountry.languages:
        tag = getattr(language, "alpha_2", None) or language.alpha_3
        names[tag] = language.name.split(" (")[0] if len(tag) == 2 else language.name
    return names


@cache
def _language_tags() -> dict[str, str]:
    # A language with a tag of two letters comes last, so that it wins.
    tags = sorted(_language_names().items(), key=lambda pair: -len(pair[0]))
    return {fold_text(name): tag for tag, name in tags}


@cache
def write_name_lists() -> SafeString:
    """Return the lists of names that the fields of countries and languages offer."""
    names = _language_names()
    languages = [name for tag, name in names.items() if len(tag) == 2 or tag in _MORE_LANGUAGES]
    countries = [country.short_name for country in list_countries()]
    lists = (("country-names", countries), ("language-names", languages))
    return format_html_join(
        "",
        '<datalist id="{}">{}</datalist>',
        ((key, _write_options(sorted(values))) for key, values in lists),
    )


def _write_options(values: list[str]) -> SafeString:
    return format_html("{}", format_html_join("", '<option value="{}">', ((v,) for v in values)))
