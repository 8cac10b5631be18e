"""The two normalizations of text: how it is stored, and how it is compared.

Stored text is cleaned. Texts whose folded forms are equal are found and sorted alike. The database
only compares folded text (`COLLATE "C"`); it never folds text itself.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

from anyascii import anyascii

_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are no white space
    "\u00ad\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # zero width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # controls of the direction of writing
    f"\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}"
    "]"
)
"""The characters that stored text does not have.

The zero-width joiner and non-joiner stay: Persian, Kurdish and emoji need them."""
_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")


def clean_line(text: str) -> str:
    """Return a text of one line as it is stored.

    It is in Unicode's form NFC (UAX 15), without invisible characters. Each run of white space is
    one blank, and there is none at the start and the end.
    """
    visible = _INVISIBLE.sub("", text)
    return " ".join((visible if visible.isascii() else normalize("NFC", visible)).split())


def clean_lines(text: str) -> str:
    """Return a text of several lines as it is stored: each line clean, at most one blank line."""
    lines = map(clean_line, _LINE_BREAK.split(text))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


_JOINER = "\u200c"
"""The zero-width non-joiner, which Persian writes inside a word or between two words."""
_TATWEEL = "\u0640"
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("اٱع", "a"),
        **dict.fromkeys("ىیېے", "y"),
        **dict.fromkeys("ةھہ", "h"),
        **dict.fromkeys("אע", "a"),
        "ء": "",
        _JOINER: " ",
        "ב": "b",
        "ו": "w",
        "כ": "k",
        "ך": "k",
        "פ": "p",
        "ף": "p",
    }
)
"""The letters of Arabic and Hebrew that are romanised differently than by anyascii."""
_SOFT = {"ג": "j", "ז": "zh", "צ": "ch", "ץ": "ch", "ת": "th", "ד": "dh", "ח": "kh"}
"""The sounds of Hebrew letters that are followed by a geresh."""
_GERESH = re.compile(r"([גזצץתדח])['’׳]")
_GERSHAYIM = re.compile(r"(?<=[א-ת])[\"”״](?=[א-ת])")
_ENDING = re.compile(r"(?<=[كکگسدتز])[ةهھہ]\b")
"""A final h after a letter with which it would otherwise be read as kh, sh, dh, th or zh."""
_INITIALS = re.compile(r"\b([^\W\d_])[.\u200c](?=[^\W\d_]\b)")
_QUOTES = re.compile(r"['`]")
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def fold_text(text: str) -> str:
    """Return `text` in lowercase Latin letters and digits, words separated by single spaces.

    Every script is romanised. Case, diacritics, vowel signs, hamzas, apostrophes and the dots
    between initials are dropped: "كتـائب" and "ktayb", "Şa’bî" and "sabi", "P.K.K." and "pkk" are
    equal.
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = _remove_marks(folded)
    folded = _INITIALS.sub(r"\1", folded)
    if not folded.isascii():
        folded = _romanise(folded)
    return _SEPARATORS.sub(" ", _QUOTES.sub("", folded)).strip()


def _remove_marks(text: str) -> str:
    """Return `text` without diacritics, tatweels and invisible characters."""
    return "".join(
        char
        for char in normalize("NFKD", text)
        if char == _JOINER or (char != _TATWEEL and category(char) not in ("Mn", "Cf", "Cs"))
    )


def _romanise(text: str) -> str:
    text = _GERESH.sub(lambda match: _SOFT[match[1]], text)
    text = _ENDING.sub("a", _GERSHAYIM.sub("", text))
    return anyascii(text.translate(_LETTERS)).lower()


_ARTICLE = re.compile(
    r"\b[aeu](?:l |(?=(sh|[dt]h?|[nrsz]) \1)(?:sh|[dt]h?|[nrsz]) )(?=\w)"
    r"|\ba(?:l(?=\w{2})|(sh|[dt]h?|[nrsz])(?=\2\w))"
)
"""The Arabic article, separate or attached, also if its l is assimilated (ash-Sha'bi)."""
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("dzh|dj", "j"),
        ("shch|sh|ch|ts", "s"),
        ("kh|x", "h"),
        ("gh", "k"),
        ("th", "t"),
        ("dh", "d"),
        ("zh|z", "s"),
        ("[gqc]", "k"),
        (r"\bw|ph|[pvf]", "b"),
        (r"(?<=\w)at\b", "a"),
        ("[aeiouwy]", ""),
        (r"(?<=\w)h\b", ""),
        (r"([a-z])\1+", r"\1"),
    )
]
"""Spellings that differ between romanisations, alphabets and endings, and one sound for each."""
_SMALL = frozenset("a al an and de des du el en et for in la le les of the und y".split())  # noqa: SIM905
"""Words that have no letter in an acronym."""


def split_words(folded: str) -> list[str]:
    """Return the words of a folded text, without Arabic articles."""
    return _ARTICLE.sub("", folded).split()


def list_beginnings(folded: str) -> list[str]:
    """Return a folded name from each of its words on, with and without an Arabic article.

    The first one is the whole name. A name is found by the beginning of any of them.
    """
    starts = (0, *(match.end() for match in re.finditer(" ", folded)))
    endings = [folded[start:] for start in starts]
    bare = (_ARTICLE.sub("", text, count=1) for text in endings if _ARTICLE.match(text))
    return list(dict.fromkeys([*endings, *bare]))


def fold_beginnings(text: str) -> list[str]:
    """Return the folded forms of a text that somebody is still typing.

    At the end of a word some letters are read differently, and the last word may not have ended.
    """
    inside = fold_text(f"{text}x")[:-1].strip()
    return list(dict.fromkeys(filter(None, (fold_text(text), inside))))


@lru_cache(2**15)
def reduce_word(word: str) -> str:
    """Return the consonants of a folded word, the same in every romanisation.

    Vowels and doubled letters are dropped, and sounds that languages exchange become one letter.
    Names share their words, so the results are cached.
    """
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return word


def reduce_to_consonants(folded: str) -> str:
    """Return the consonants of a folded text, word by word, without articles.

    The Arabic, the Cyrillic and the Latin form of a name mostly have the same consonants.
    """
    return " ".join(filter(None, map(reduce_word, split_words(folded))))


def extract_initials(folded: str) -> str:
    """Return the initials of a folded name without small words; "" if it has only one word."""
    letters = [word[0] for word in folded.split() if word not in _SMALL]
    return "".join(letters) if len(letters) > 1 else ""
