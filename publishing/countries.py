"""The countries and first-level divisions: those of ISO 3166, and a few with user-assigned codes.

ISO 3166 leaves some codes to its users, such as XA to XZ, and never assigns them itself. Those used
here are in `USER_ASSIGNED` and `FICTIONAL`. Every other module reads countries and divisions from
this one.
"""

import gettext
from functools import cache
from typing import NamedTuple

import pycountry


class Division(NamedTuple):
    """A division of a country, by a code of ISO 3166-2 or one like it."""

    code: str
    name: str
    country_code: str
    parent_code: str | None = None
    """The code of the division that it is a part of; None at the first level."""


class Country(NamedTuple):
    """A country, by its codes of ISO 3166-1 or user-assigned ones."""

    alpha_2: str
    alpha_3: str
    numeric: str
    name: str
    common_name: str = ""
    official_name: str = ""

    @property
    def short_name(self) -> str:
        """The common name, if it has one."""
        return self.common_name or self.name


USER_ASSIGNED: dict[Country, tuple[tuple[str, str], ...]] = {
    # The codes of the European Union and the World Bank; the number and the districts as in Unicode
    # CLDR and in IP geolocation. ISO 3166-2 lists the area as RS-KM.
    Country("XK", "XKX", "983", "Kosovo", official_name="Republic of Kosovo"): (
        ("XK-01", "Ferizaj"),
        ("XK-02", "Gjakova"),
        ("XK-03", "Gjilan"),
        ("XK-04", "Mitrovica"),
        ("XK-05", "Peja"),
        ("XK-06", "Pristina"),
        ("XK-07", "Prizren"),
    ),
}
"""The countries with user-assigned codes, each with the codes and names of its divisions."""

FICTIONAL: dict[Country, tuple[tuple[str, str], ...]] = {
    # The invented country of the demo, in the open Atlantic (`fixtures/island`).
    Country(
        *("XT", "XTT", "990", "Talassia (fictional)"),
        official_name="Republic of Talassia (fictional)",
    ): (
        ("XT-01", "Carrow (fictional)"),
        ("XT-02", "Northmark (fictional)"),
        ("XT-03", "Highfell (fictional)"),
        ("XT-04", "Saltmarch (fictional)"),
        ("XT-05", "Emberlow (fictional)"),
        ("XT-06", "Lesser Sound (fictional)"),
    ),
}
"""Countries that do not exist. They have codes wherever countries have codes, so that one can show
what the software does with them, but they are no part of the world that `load_world` writes."""


@cache
def list_countries() -> tuple[Country, ...]:
    """Return all countries by alpha-2 code."""
    iso = (
        Country(
            *(each.alpha_2, each.alpha_3, each.numeric, each.name),
            getattr(each, "common_name", ""),
            getattr(each, "official_name", ""),
        )
        for each in pycountry.countries
    )
    return tuple(sorted([*iso, *USER_ASSIGNED, *FICTIONAL]))


@cache
def list_divisions() -> tuple[Division, ...]:
    """Return all divisions of all countries, of every level, by code."""
    iso = (
        Division(each.code, each.name, each.country_code, each.parent_code)
        for each in pycountry.subdivisions
    )
    others = (
        Division(code, name, country.alpha_2)
        for country, divisions in (USER_ASSIGNED | FICTIONAL).items()
        for code, name in divisions
    )
    return tuple(sorted([*iso, *others], key=lambda division: division.code))


def is_fictional(alpha_2: str) -> bool:
    """Return whether a country, by its alpha-2 code, does not exist."""
    return any(country.alpha_2 == alpha_2 for country in FICTIONAL)


@cache
def _index_countries() -> dict[str, Country]:
    return {country.alpha_2: country for country in list_countries()}


@cache
def _index_divisions() -> dict[str, Division]:
    return {division.code: division for division in list_divisions()}


def find_country(alpha_2: str) -> Country | None:
    """Return the country with an alpha-2 code, in capital letters."""
    return _index_countries().get(alpha_2)


@cache
def list_country_names(language: str) -> dict[str, str]:
    """Return the short name of each country in a language, in English if it has none there."""
    catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True)
    return {country.alpha_2: catalogue.gettext(country.short_name) for country in list_countries()}


def find_country_by_name(name: str) -> Country | None:
    """Return the country with a name, whatever the case."""
    for column in ("name", "official_name", "common_name"):
        for country in list_countries():
            if getattr(country, column).lower() == name.lower():
                return country
    return None


def find_division(code: str) -> Division | None:
    """Return the division with a code, in capital letters."""
    return _index_divisions().get(code)
