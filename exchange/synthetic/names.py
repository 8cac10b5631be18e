"""Names of what there is not, each in four scripts."""

from random import Random
from typing import NamedTuple

SCRIPTS = {"ar": 1, "ru": 2, "he": 3}
"""By language, in which form of a word it is written; the first form is English."""

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
    """A name, and the same in other languages."""

    english: str
    others: dict[str, str]


def name_group(chance: Random, number: int) -> SyntheticName:
    """Name a group; the number tells it from its namesakes."""
    parts = (chance.choice(NOUNS), chance.choice(WORDS), chance.choice(WORDS))
    noun, one, other = parts
    return SyntheticName(
        f"{one[0]} {other[0]} {noun[0]} {number}",
        {
            language: f"{noun[form]} {one[form]} {other[form]} {number}"
            for language, form in SCRIPTS.items()
        },
    )


def name_town(chance: Random, number: int) -> SyntheticName:
    """Name a settlement."""
    one, other = chance.choice(WORDS), chance.choice(WORDS)
    return SyntheticName(
        f"{one[0]} {other[0]} {number}",
        {language: f"{one[form]} {other[form]} {number}" for language, form in SCRIPTS.items()},
    )
