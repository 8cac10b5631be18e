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
"""The script for the first word of the Unicode name of a letter."""


def detect_script(text: str) -> str | None:
    """Return the script of most letters of a text; None if no letter is of a known script.

    Arabic, Persian and Kurdish use the same script.
    """
    letters = (unicodedata.name(sign, "") for sign in text if sign.isalpha())
    counted = Counter(SCRIPTS.get(name.split(" ")[0].split("-")[0], "") for name in letters)
    counted.pop("", None)
    return counted.most_common(1)[0][0] if counted else None
