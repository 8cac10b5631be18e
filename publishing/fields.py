"""Model fields that state a rule of the domain in the database itself."""

import enum
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models

from dates import DateError, parse
from publishing.normalization import fold_text, reduce_to_consonants

_CAPITALS = frozenset(
    """
A B AE AU CA CH EU IL IQ JP NZ SA TR UK UN US DFAT FTO MOF NBCTF NONSDN OFAC SDGT SDN SECO SEMA TTL
UAPA UID ACLED COW GADM GLIDE GTD GW ID ISNI ISO3166 MMP OCHA OSM SFM STIX TRAC UCDP VIAF ATGM EFP
IED IRAM NGO NSA RPG UXO VBIED
""".split()  # noqa: SIM905
)
"""What is written in capitals wherever it stands in a word: UK proscribed, suicide VBIED."""


class Enumeration(models.TextChoices):
    """A vocabulary; a word that is given no label reads as it is written: rocket attack."""

    @enum.property
    def label(self) -> str:
        told = str(self._label_)
        if told != self.name.replace("_", " ").title():
            return told
        parts = self.name.split("_")
        return " ".join(part if part in _CAPITALS else part.lower() for part in parts)


class GrowingEnumeration(Enumeration):
    """A vocabulary that may grow within v1 of the API: clients must expect new words.

    Its words are plain strings in responses (`x-extensible-enum`) and an enumeration in
    parameters. Every other one is closed.
    """


def get_cached_relation(row: models.Model, name: str) -> Any:
    """Return what `row` quotes as `name` if it was read already, else None: it asks for nothing."""
    field: Any = row._meta.get_field(name)
    return field.get_cached_value(row, default=None)


class WordField(models.CharField):
    """A word of a vocabulary, refused by the database too when it is no word of it."""

    non_db_attrs = tuple(name for name in models.CharField.non_db_attrs if name != "choices")
    """Django alters no column for new choices; here they are a rule of the database."""

    def __init__(
        self, words: type[models.TextChoices] | None = None, *args: Any, **options: Any
    ) -> None:
        self.words = words
        if words is not None:
            options["choices"] = words.choices
        options.setdefault("max_length", 40)
        super().__init__(*args, **options)

    @property
    def grows(self) -> bool:
        """Whether its vocabulary may grow within v1 of the API."""
        return self.words is not None and issubclass(self.words, GrowingEnumeration)

    def db_check(self, connection: Any) -> str:
        words = ", ".join(f"'{word}'" for word, _ in self.flatchoices)
        return f'"{self.column}" IN ({words})'


class WordsField(ArrayField):
    """Several words of a vocabulary, refused by the database too when one is no word of it."""

    def __init__(
        self,
        words: type[models.TextChoices] | None = None,
        base_field: WordField | None = None,
        **options: Any,
    ) -> None:
        super().__init__(base_field or WordField(words), **options)

    def db_check(self, connection: Any) -> str:
        words = ", ".join(f"'{word}'" for word, _ in self.base_field.flatchoices)
        return f'"{self.column}" <@ ARRAY[{words}]::varchar[]'

    def formfield(self, **kwargs: Any) -> Any:
        """Offer the words to be ticked."""
        offered = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.base_field.choices,
            "widget": forms.CheckboxSelectMultiple,
        }
        return models.Field.formfield(self, **offered | kwargs)


_ONE = r"[0-9]{2}[0-9X]{2}(-[0-9X]{2}(-[0-9X]{2})?)?[~?\u0025]?"  # a percent sign at the end
_DATED = f"^({_ONE}|({_ONE}|[.]{{2}})/({_ONE}|[.]{{2}})|[[]{_ONE}((,{_ONE})+|[.]{{2}}{_ONE})[]])?$"
"""The shape of an EDTF text, as PostgreSQL reads it: a date, an interval, a set, or nothing."""


class EdtfField(models.CharField):
    """A date as the Extended Date/Time Format (ISO 8601-2) writes it; blank is not known.

    The database refuses what has not the shape of one; forms refuse what is none.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 60)
        super().__init__(*args, **options)

    def db_check(self, connection: Any) -> str:
        return f"\"{self.column}\" ~ '{_DATED}'"

    def to_python(self, value: Any) -> Any:
        return value.strip() if isinstance(value, str) else super().to_python(value)

    def validate(self, value: str, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        if value:
            try:
                parse(value)
            except DateError as error:
                raise ValidationError(str(error), code="date") from error


class LanguageField(models.CharField):
    """A language as BCP 47 writes it, refused by the database too where it is none; blank: none."""

    _FORM = r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"

    default_validators = [
        RegexValidator(_FORM, "A language is written as BCP 47: ar, fa, ckb, zh-Hans.")
    ]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 35)
        super().__init__(*args, **options)

    def db_check(self, connection: Any) -> str:
        return f"\"{self.column}\" ~ '{self._FORM}'"


class SearchKeyField(models.CharField):
    """What the desk finds a row by: another column folded, then its consonants in capitals.

    It is computed whenever a row is written: saved, created in bulk or sent by COPY.
    """

    def __init__(self, of: str = "", *args: Any, **options: Any) -> None:
        self.of = of
        given: dict[str, Any] = {
            "max_length": 2000,
            "db_collation": "C",
            "editable": False,
            "default": "",
            "help_text": "Computed: what the desk finds it by, in any script.",
        }
        super().__init__(*args, **given | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def key(self, text: str) -> str:
        """Return the key of a text."""
        folded = fold_text(text)
        return f" {folded} {reduce_to_consonants(folded).upper()} "[: self.max_length]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute the key of a row, on every way to the database but a bare update."""
        key = self.key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key


@SearchKeyField.register_lookup
class SoundsLike(models.Lookup):
    """Whether a key has a word in it, or the consonants of one: what the desk types."""

    lookup_name = "sounds_like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, given = self.process_lhs(compiler, connection)
        folded = fold_text(str(self.rhs))
        bones = reduce_to_consonants(folded).upper()
        forms = [f"%{folded}%"]
        if len(bones) > 1:  # so few consonants say little: then they are the whole word
            forms.append(f"% {bones}%" if len(bones) > 2 else f"% {bones} %")
        sql = " OR ".join(f"{left} LIKE %s" for _ in forms)
        return f"({sql})", tuple(value for form in forms for value in (*given, form))
