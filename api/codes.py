"""The codes of countries, divisions and languages, in the spellings in which people write them."""

from functools import lru_cache
from typing import Any

import pycountry

from publishing.countries import find_division, list_countries

_LANGUAGES: Any = pycountry.languages

_OTHER = {"UK": "GB", "EL": "GR"}
"""Codes of countries that are often written instead of those of ISO 3166-1."""


@lru_cache(1000)
def read_country(text: str) -> str | None:
    """Return the alpha-2 code of a country by any code: IQ, iq, IRQ, 368, UK."""
    code = _OTHER.get(text.upper(), text.upper())
    for country in list_countries():
        if code in (country.alpha_2, country.alpha_3, country.numeric):
            return country.alpha_2
    return None


@lru_cache(1000)
def read_place(text: str) -> str | None:
    """Return the code of a country, or of a division: IQ-BA, iq-ba, IQ_BA, UK-LND."""
    country, separator, division = text.upper().replace("_", "-").partition("-")
    if not separator:
        return read_country(text)
    code = f"{read_country(country)}-{division}"
    return code if find_division(code) else None


@lru_cache(1000)
def read_language(text: str) -> str | None:
    """Return the shortest ISO 639 code of a language by another code or its name: ara, Arabic."""
    for name in ("alpha_2", "alpha_3", "bibliographic"):
        if language := _LANGUAGES.get(**{name: text.lower()}):
            return str(getattr(language, "alpha_2", language.alpha_3))
    if language := _LANGUAGES.get(name=text.title()):
        return str(getattr(language, "alpha_2", language.alpha_3))
    return None
