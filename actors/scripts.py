"""The script that a text is written in, as ISO 15924."""

import unicodedata
from collections import Counter

SCRIPTS = {
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "SYRIAC": "Syrc",
    "ETHIOPIC": "Ethi",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HANGUL": "Hang",
    "THAI": "Thai",
}
"""By the first word of the names that Unicode gives to letters."""


def detect_script(text: str) -> str | None:
    """Return the script of most letters of a text; None where it has none that is known.

    Arabic, Persian and Kurdish share one.
    """
    letters = (unicodedata.name(sign, "") for sign in text if sign.isalpha())
    counted = Counter(SCRIPTS.get(name.split(" ")[0].split("-")[0], "") for name in letters)
    counted.pop("", None)
    return counted.most_common(1)[0][0] if counted else None
