"""Invented names, each in four scripts."""

from random import Random
from typing import NamedTuple

SCRIPTS = {"ar": 1, "ru": 2, "he": 3}
"""By language, the position of its form of a word; the first form is English."""

NOUNS = (
    ("Brigade", "لواء", "Бригада", "חטיבת"),
    ("Front", "جبهة", "Фронт", "חזית"),
    ("Guard", "حرس", "Стража", "משמר"),
    ("Movement", "حركة", "Движение", "תנועת"),
    ("Army", "جيش", "Армия", "צבא"),
    ("League", "رابطة", "Лига", "ליגת"),
    ("Company", "سرية", "Рота", "פלוגת"),
    ("Union", "اتحاد", "Союз", "איגוד"),
)
WORDS = (
    ("Cedar", "الأرز", "Кедр", "ארז"),
    ("River", "النهر", "Река", "נהר"),
    ("Mountain", "الجبل", "Гора", "הר"),
    ("Falcon", "الصقر", "Сокол", "בז"),
    ("Dawn", "الفجر", "Заря", "שחר"),
    ("Moon", "القمر", "Луна", "ירח"),
    ("Star", "النجم", "Звезда", "כוכב"),
    ("Storm", "العاصفة", "Буря", "סערה"),
    ("Lion", "الأسد", "Лев", "אריה"),
    ("Wolf", "الذئب", "Волк", "זאב"),
    ("Rain", "المطر", "Дождь", "גשם"),
    ("Stone", "الحجر", "Камень", "אבן"),
    ("Desert", "الصحراء", "Пустыня", "מדבר"),
    ("Harbour", "الميناء", "Гавань", "נמל"),
    ("Bridge", "الجسر", "Мост", "גשר"),
    ("Tower", "البرج", "Башня", "מגדל"),
    ("Olive", "الزيتون", "Олива", "זית"),
    ("Eagle", "النسر", "Орёл", "נשר"),
    ("Garden", "الحديقة", "Сад", "גן"),
    ("Silver", "الفضة", "Серебро", "כסף"),
    ("Island", "الجزيرة", "Остров", "אי"),
    ("Forest", "الغابة", "Лес", "יער"),
    ("Winter", "الشتاء", "Зима", "חורף"),
    ("Gate", "البوابة", "Ворота", "שער"),
)


class SyntheticName(NamedTuple):
    """A name in English and in other languages."""

    english: str
    others: dict[str, str]


_CONSONANTS = "b ب б ב,d د д ד,f ف ф פ,g غ г ג,h ه г ה,j ج дж ג,k ك к ק,kh خ х ח,l ل л ל,m م м מ,"
_CONSONANTS += "n ن н נ,r ر р ר,s س с ס,sh ش ш ש,t ت т ת,z ز з ז"
_VOWELS = "a ا а א,e  е ,i ي и י,o و о ו,u و у ו"
_SYLLABLES = [
    tuple(map(str.__add__, consonant.split(" "), vowel.split(" ")))
    for consonant in _CONSONANTS.split(",")
    for vowel in _VOWELS.split(",")
]


def name_group(random: Random, number: int) -> SyntheticName:
    """Return a name of a group; the number makes it unique."""
    parts = (random.choice(NOUNS), random.choice(WORDS), random.choice(WORDS))
    noun, *words = (*parts, _invent_word(f"group {number}"))
    return SyntheticName(
        f"{_join(words, 0)} {noun[0]} {number}",
        {
            language: f"{noun[form]} {_join(words, form)} {number}"
            for language, form in SCRIPTS.items()
        },
    )


def name_town(random: Random, number: int) -> SyntheticName:
    """Return a name of a settlement."""
    words = [random.choice(WORDS), random.choice(WORDS), _invent_word(f"town {number}")]
    return SyntheticName(
        f"{_join(words, 0)} {number}",
        {language: f"{_join(words, form)} {number}" for language, form in SCRIPTS.items()},
    )


def _join(words: list[tuple[str, ...]], form: int) -> str:
    return " ".join(word[form] for word in words)


def _invent_word(seed: str) -> tuple[str, ...]:
    """Return a word that hardly any other name has, as most words of real names are rare."""
    random = Random(seed)  # noqa: S311
    syllables = random.choices(_SYLLABLES, k=random.randint(2, 4))
    forms = ["".join(parts) for parts in zip(*syllables, strict=True)]
    return (forms[0].capitalize(), forms[1], forms[2].capitalize(), forms[3])
