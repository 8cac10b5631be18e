"""One folding of text for the whole product: what is equal after it, is found and sorted alike.

The database compares folded text only (`COLLATE "C"`), and never folds by itself.
"""

import re
from functools import lru_cache
from unicodedata import category, normalize

from anyascii import anyascii

_JOINED = "\u200c"
"""The zero-width non-joiner, which stands where Persian writes one word or two."""
_TATWEEL = "\u0640"
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("اٱع", "a"),
        **dict.fromkeys("ىیېے", "y"),
        **dict.fromkeys("ةھہ", "h"),
        **dict.fromkeys("אע", "a"),
        "ء": "",
        _JOINED: " ",
        "ב": "b",
        "ו": "w",
        "כ": "k",
        "ך": "k",
        "פ": "p",
        "ף": "p",
    }
)
"""Where the letters of Arabic and Hebrew are told otherwise than anyascii tells them."""
_SOFT = {"ג": "j", "ז": "zh", "צ": "ch", "ץ": "ch", "ת": "th", "ד": "dh", "ח": "kh"}
"""What letters of Hebrew stand for with a geresh behind them."""
_GERESH = re.compile(r"([גזצץתדח])['’׳]")
_GERSHAYIM = re.compile(r"(?<=[א-ת])[\"”״](?=[א-ת])")
_ENDING = re.compile(r"(?<=[كکگسدتز])[ةهھہ]\b")
"""An h that is no part of kh, sh, dh, th and zh."""
_INITIALS = re.compile(r"\b([^\W\d_])[.\u200c](?=[^\W\d_]\b)")
_QUOTES = re.compile(r"['`]")
_APART = re.compile(r"[^a-z0-9]+")


def fold_text(text: str) -> str:
    """Return `text` in lowercase Latin letters and digits, words separated by single spaces.

    Every script is romanised; case, diacritics, vowel signs, hamzas and apostrophes go, and what
    stands between initials: "كتـائب" and "ktayb", "Şa’bî" and "sabi", "P.K.K." and "pkk" are equal.
    """
    told = text.casefold()
    if not told.isascii():
        told = _remove_marks(told)
    told = _INITIALS.sub(r"\1", told)
    if not told.isascii():
        told = _romanise(told)
    return _APART.sub(" ", _QUOTES.sub("", told)).strip()


def _remove_marks(text: str) -> str:
    """Return `text` without what is written on letters, between them and for display alone."""
    return "".join(
        char
        for char in normalize("NFKD", text)
        if char == _JOINED or (char != _TATWEEL and category(char) not in ("Mn", "Cf", "Cs"))
    )


def _romanise(text: str) -> str:
    told = _GERESH.sub(lambda found: _SOFT[found[1]], text)
    told = _ENDING.sub("a", _GERSHAYIM.sub("", told))
    return anyascii(told.translate(_LETTERS)).lower()


_ARTICLE = re.compile(
    r"\b[aeu](?:l |(?=(sh|[dt]h?|[nrsz]) \1)(?:sh|[dt]h?|[nrsz]) )(?=\w)"
    r"|\ba(?:l(?=\w{2})|(sh|[dt]h?|[nrsz])(?=\2\w))"
)
"""The Arabic article, apart or attached, also where it is told as the letter that follows it."""
_SOUNDS = [
    (re.compile(written), read)
    for written, read in (
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
"""What romanisations, alphabets and endings write differently, and how all of them are read."""
_SMALL = frozenset("a al an and de des du el en et for in la le les of the und y".split())  # noqa: SIM905
"""Words of which acronyms have no letter."""


def split_words(folded: str) -> list[str]:
    """Return the words of a folded text, without Arabic articles."""
    return _ARTICLE.sub("", folded).split()


@lru_cache(2**15)
def reduce_word(word: str) -> str:
    """Return the consonants of a folded word, as all romanisations have them.

    Vowels, doublings and what is heard alike across languages go. Names are made of the same
    words again and again, so what was found is kept.
    """
    for written, read in _SOUNDS:
        word = written.sub(read, word)
    return word


def reduce_to_consonants(folded: str) -> str:
    """Return the consonants of a folded text, word by word, without articles.

    The Arabic, the Cyrillic and the Latin forms of a name mostly share one skeleton.
    """
    return " ".join(filter(None, map(reduce_word, split_words(folded))))


def extract_initials(folded: str) -> str:
    """Return the initials of a folded name of several words, small ones left out; else nothing."""
    told = [word[0] for word in folded.split() if word not in _SMALL]
    return "".join(told) if len(told) > 1 else ""
