"""Name resolution of what people type: romanisations, scripts, word orders, typing errors, titles.

The actors are those of the shared list of names; none of these queries is one of its names.
"""

from typing import Any

from actors.entries import ActorNameEntry
from actors.resolution import resolve
from tests.actors.test_resolution import variants

__all__ = ["variants"]

QUERIES = {
    "kh": [
        "kataeb hizballah",
        "Kitaib Hizbullah",
        "kta2eb 7ezballa",
        "كتائب حزبالله",
        "كتايب حزبالله العراق",
        "hezbollah brigade",
        "Kata'eb Hezbollah Iraq",
        "کتائب حزب الله عراق",
        "Бригады Хезболла",
        "חזבאללה העיראקי",
    ],
    "pmf": [
        "popular mobilisation",
        "hashd",
        "al hashd ash shaabi",
        "Hashed al-Shaabi",
        "Haşd-i Şabi",
        "حشد شعبي",
        "الحشد",
        "هيئة الحشد",
        "popular moblization forces",
        "forces popular mobilization",
    ],
    "aah": [
        "Asayib Ahl al-Haqq",
        "asaeb ahl alhaq",
        "Asa'ib Ahl ul-Haq",
        "عصايب اهل الحق",
        "league of righteous",
        "Kazali network",
        "асаиб ахл аль-хак",
    ],
    "nujaba": ["Harakat Nujaba", "al-Nujabaa movement", "nojaba", "حركه النجباء", "نوجباء"],
    "badr": ["بدر", "Badr Organisation", "munadhamat badr", "Бадр"],
    "kss": ["kataib sayed al shohada", "كتائب سيدالشهداء", "Sayyid al-Shuhada brigades"],
    "kia": ["imam ali brigades", "Kata'ib Imam Ali"],
    "haaa": ["ansarallah al-awfiyaa", "Ansar Allah Alawfia"],
    "salam": ["Saraya Salam", "peace brigade"],
    "jam": ["Jaish el Mahdi", "jeish al mahdi", "mehdi army", "جيش مهدي"],
    "khorasani": ["khorasani brigades", "saraya khurasani"],
    "lafa": ["Abu al-Fadl al-Abbas brigade", "لواء ابي الفضل العباس"],
    "babylon": ["babilyoun", "بابليون"],
    "iri": ["islamic resistance iraq", "المقاومه الاسلاميه في العراق", "Muqawama Islamiya"],
    "kahf": ["Ashab el Kahf", "اهل الكهف"],
    "dam": ["Awliya al-Dam", "guardians of the blood", "اولياء الدم"],
    "irgc": [
        "revolutionary guard",
        "iranian revolutionary guard corps",
        "الحرس الثوري",
        "سپاه پاسداران انقلاب",
        "I.R.G.C.",
        "стражи исламской революции",
    ],
    "qf": ["al-qods force", "qods", "فیلق قدس", "IRGC Quds Force"],
    "basij": ["basidj"],
    "hzb": [
        "hizbollah lebanon",
        "Hezbolla",
        "hizb allah",
        "Hizb-ullah",
        "Хизбулла",
        "libanesische hisbollah",
    ],
    "hamas": ["Harakat al Muqawamah al Islamiyyah", "chamas"],
    "qassam": ["Izzedine al-Qassam Brigades", "kassam brigades", "كتائب عز الدين القسام"],
    "pij": ["palestinian jihad", "jihad islami"],
    "sarayaquds": ["al quds brigades"],
    "houthi": ["houtis", "huthi", "Ansarollah", "الحوثيين", "انصارالله", "хусит"],
    "isis": ["da'ech", "Islamic State of Iraq and Syria", "الدولة الاسلامية", "игил"],
    "hts": ["hayet tahrir el sham", "تحرير الشام", "hayat tahrir al-cham"],
    "sdf": ["syrian democratic force", "قوات سوريا الديموقراطية"],
    "ypg": ["Y.P.G.", "yekineyen parastina gel", "ypg people protection units"],
    "pkk": ["kurdistan workers party", "P.K.K", "PKK/KGK"],
    "pjak": ["پژاك"],
    "peshmerga": ["pishmarga", "peshmarga", "بيشمركة", "البشمركة"],
    "fatemiyoun": ["fatemiyun", "liwa fatimiyyun", "فاطمیون"],
    "zaynabiyoun": ["zeynabiyoun", "zainabiyoun brigade"],
    "taliban": ["taliban movement", "talebān"],
    "wagner": ["vagner", "wagner pmc", "فاغنر"],
    "dpr": ["donetsk peoples republic"],
    "azov": ["azov"],
    "shabaab": ["al shabaab", "الشباب"],
    "boko": ["bokoharam"],
    "soleimani": [
        "Qasim Soleimani",
        "ghassem soleimani",
        "general soleimani",
        "Кассем Сулеймани",
        "soleimani qassem",
        "Suleimani",
    ],
    "muhandis": ["abu mahdi mohandis", "Abu Mahdi Muhandis", "ابومهدي المهندس"],
    "khazali": ["kais al-khazali", "Qays Khazali", "الخزعلي"],
    "kaabi": ["Akram Kaabi", "الكعبي"],
    "amiri": ["hadi amiri", "العامري"],
    "fayyadh": ["faleh fayad", "Falih al-Fayadh"],
    "fadak": ["abu fadak", "المحمداوي"],
    "qaani": ["ismail ghani", "esmaeil qaani", "قاآني"],
    "sadr": ["muktada al-sadr", "Mukteda es-Sadr", "مقتدى الصدر", "al-sadr"],
    "kildani": ["Rayan Kildani", "ريان كلداني"],
}


def test_most_queries_find_the_intended_actor(variants: dict[Any, str]) -> None:
    queries = [(query, key) for key, texts in QUERIES.items() for query in texts]
    first = among = 0
    for query, key in queries:
        matches = resolve(ActorNameEntry.objects.at(2**40), query, 0.5)
        found = [variants[match.name.record] for match in matches[:3]]
        first += found[:1] == [key]
        among += key in found
    assert first >= 0.96 * len(queries)
    assert among >= 0.96 * len(queries)
