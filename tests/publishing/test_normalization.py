"""One normalization for every script: spellings of one name are equal after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publishing.normalization import extract_initials, fold_text, reduce_to_consonants, split_words

LETTERS = (
    "abcçdeéêfgğhıiîjklmnoöpqrsştuüûvwxyzABCÇDEÉÊFGĞHIİÎJKLMNOÖPQRSŞTUÜÛVWXYZßøł"
    "абвгґдеёжзиійклмнопрстуфхцчшщъыьэюяАБВГҐДЕЁЖЗИІЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯїЇєЄ"
    "اأإآبتثجحخدذرزسشصضطظعغفقكلمنهويىةئؤءپچژگکیۀەڕڵێۆڤ"
    "אבגדהוזחטיכךלמםנןסעפףצץקרשת"
    " -'’.0123٠١٢۳"
)
HARAKAT = "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670"
NIQQUD = "\u05b0\u05b4\u05b7\u05b8\u05bc\u05c1"
DIACRITICS = "\u0301\u0302\u0304\u0308\u0323\u0327\u032e"
names = st.text(st.sampled_from(LETTERS), max_size=40)
anything = st.text(st.characters(codec=None), max_size=40)


@given(anything)
def test_any_text_folds_to_words_of_letters_and_digits(text: str) -> None:
    folded = fold_text(text)
    assert folded == " ".join(folded.split())
    assert all(char in "abcdefghijklmnopqrstuvwxyz0123456789 " for char in folded)
    assert fold_text(folded) == folded
    assert reduce_to_consonants(folded) == " ".join(reduce_to_consonants(folded).split())
    assert len(extract_initials(folded)) <= len(folded.split())


@given(names)
def test_case_does_not_matter(text: str) -> None:
    assert fold_text(text.upper()) == fold_text(text) == fold_text(text.lower())


@given(
    names, st.sampled_from(HARAKAT + NIQQUD + DIACRITICS + "\u0640\u200e\u200f\u00ad"), st.data()
)
def test_vowel_signs_diacritics_and_marks_do_not_matter(
    text: str, mark: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(text)))
    assert fold_text(text[:place] + mark + text[place:]) == fold_text(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتـائب", "كتائب"),
        ("كتايب حزب الله", "كتائب حزب\u200cالله"),
        ("أهل", "اهل"),
        ("منظمه", "منظمة"),
        ("المهدی", "المهدي"),
        ("المهدى", "المهدي"),
        ("مُحَمَّد", "محمد"),
        ("کتائب", "كتائب"),
        ("קַסָּאם", "קסאם"),
        ("בסיג'", "בסיג׳"),
        ("גא״פ", 'גא"פ'),
        ("פ.ק.ק", "פקק"),
        ("پ\u200cک\u200cک", "پکک"),
        ("IŞİD", "ışid"),
        ("Haşdi Şabi", "hasdi sabi"),
        ("Pêşmerge", "PESMERGE"),
        ("Kata'ib", "Kataʾib"),
        ("ʿAṣāʾib Ahl al-Ḥaqq", "Asaib Ahl al Haqq"),
        ("P.K.K.", "pkk"),
        ("Ёлка", "елка"),
        ("Straße", "STRASSE"),
        ("٢٠٢٠ ۲۰۲۰", "2020 2020"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert fold_text(one) == fold_text(other) != ""


@pytest.mark.parametrize(
    "forms",
    [
        ["Kata'ib Hezbollah", "Ketaib Hizbullah", "كتائب حزب الله", "Катаиб Хезболла"],
        ["al-Hashd al-Shaabi", "Al-Hashd ash-Sha'bi", "الحشد الشعبي", "Haşdi Şabi", "Hachd Chaabi"],
        ["Peshmerga", "Pêşmerge", "البيشمركة", "پێشمەرگە", "פשמרגה", "Пешмерга"],
        ["Qasem Soleimani", "Ghasem Soleymani", "قاسم سلیمانی", "Касем Сулеймани"],
        ["Taliban", "طالبان", "Талибан", "טליבאן", "Taleban"],
        ["Wagner", "Vagner", "Вагнер", "فاغنر", "ואגנר"],
        ["an-Nujaba", "النجباء", "нуджаба", "al-Nujaba"],
    ],
)
def test_romanisations_and_scripts_share_the_consonants(forms: list[str]) -> None:
    assert len({reduce_to_consonants(fold_text(form)).replace(" ", "") for form in forms}) == 1, [
        reduce_to_consonants(fold_text(form)) for form in forms
    ]


def test_different_groups_have_different_consonants() -> None:
    groups = ["Hezbollah", "Hamas", "Houthis", "Taliban", "Fatah", "Peshmerga", "Badr", "Basij"]
    assert len({reduce_to_consonants(fold_text(group)) for group in groups}) == len(groups)


def test_articles_are_not_words() -> None:
    assert split_words(fold_text("al-Hashd ash-Shaabi")) == ["hashd", "shaabi"]
    assert split_words(fold_text("الحشد الشعبي")) == ["hshd", "shaby"]
    assert split_words(fold_text("Ali, Alia")) == ["ali", "ia"]


def test_initials_skip_small_words() -> None:
    assert extract_initials(fold_text("Islamic State of Iraq and the Levant")) == "isil"
    assert extract_initials(fold_text("Корпус стражей исламской революции")) == fold_text("КСИР")
    assert extract_initials(fold_text("Hezbollah")) == ""
