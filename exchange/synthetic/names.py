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


def name_group(random: Random, number: int) -> SyntheticName:
    """Return a name of a group; the number makes it unique."""
    parts = (random.choice(NOUNS), random.choice(WORDS), random.choice(WORDS))
    noun, first, second = parts
    return SyntheticName(
        f"{first[0]} {second[0]} {noun[0]} {number}",
        {
            language: f"{noun[form]} {first[form]} {second[form]} {number}"
            for language, form in SCRIPTS.items()
        },
    )


def name_town(random: Random, number: int) -> SyntheticName:
    """Return a name of a settlement."""
    first, second = random.choice(WORDS), random.choice(WORDS)
    return SyntheticName(
        f"{first[0]} {second[0]} {number}",
        {language: f"{first[form]} {second[form]} {number}" for language, form in SCRIPTS.items()},
    )
