"""Model fields whose rules the database checks too, and the base of vocabularies."""

import enum
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from psycopg.types.multirange import DateMultirange

from dates import DateError, parse
from publishing.normalization import clean_line, clean_lines, fold_text, reduce_to_consonants

_CAPITALS = frozenset(
    """
A B AE AU CA CH EU IL IQ JP NZ SA TR UK UN US DFAT FTO MOF NBCTF NONSDN OFAC SDGT SDN SECO SEMA TTL
UAPA UID ACLED COW GADM GLIDE GTD GW ID ISNI ISO3166 MMP OCHA OSM SFM STIX TRAC UCDP VIAF ATGM EFP
IED IRAM NGO NSA RPG UXO VBIED
""".split()  # noqa: SIM905
)
"""The parts of words that labels write in capitals: UK proscribed, suicide VBIED."""


class Enumeration(models.TextChoices):
    """A vocabulary. A word without a label of its own is its own label: rocket attack."""

    @enum.property
    def label(self) -> str:
        label = str(self._label_)
        if label != self.name.replace("_", " ").title():
            return label
        parts = self.name.split("_")
        return " ".join(part if part in _CAPITALS else part.lower() for part in parts)


class GrowingEnumeration(Enumeration):
    """A vocabulary that may get new words within v1 of the API; every other one is closed.

    Closed are those whose words are in an order, such as certainties, or stand for all cases, such
    as sides. The API describes the words of growing ones as plain strings (`x-extensible-enum`), in
    answers and in parameters.
    """


def get_cached_relation(row: models.Model, name: str) -> Any:
    """Return the row that a foreign key points to if it is cached, else None; never query."""
    field: Any = row._meta.get_field(name)
    return field.get_cached_value(row, default=None)


class WordField(models.CharField):
    """A word of a vocabulary; the database refuses every other word."""

    non_db_attrs = tuple(name for name in models.CharField.non_db_attrs if name != "choices")
    """All but `choices`: here these are a check in the database, so new ones need a migration."""

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
        """Whether its vocabulary may get new words within v1 of the API."""
        return self.words is not None and issubclass(self.words, GrowingEnumeration)

    def db_check(self, connection: Any) -> str:
        words = ", ".join(f"'{word}'" for word, _ in self.flatchoices)
        return f'"{self.column}" IN ({words})'


class DateMultirangeField(models.Field):
    """Days in any number of ranges, which need not touch each other."""

    def db_type(self, connection: Any) -> str:
        return "datemultirange"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return None if value is None else DateMultirange(value)


class WordsField(ArrayField):
    """Several words of a vocabulary; the database refuses every other word."""

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
        """Show the words as checkboxes."""
        options = {
            "form_class": forms.MultipleChoiceField,
            "choices": self.base_field.choices,
            "widget": forms.CheckboxSelectMultiple,
        }
        return models.Field.formfield(self, **options | kwargs)


_UNCLEAN = (
    r"\u0001-\u0009\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f"
    r"\u205f-\u2064\u2066-\u206f\u3000\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U000e007f"
)
"""The invisible characters and the white space that clean text does not have, for PostgreSQL."""


class CleanTextField(models.Field):
    """A text that is cleaned on every way in; the database refuses a text that is not clean."""

    non_db_attrs = tuple(name for name in models.Field.non_db_attrs if name != "blank")
    """All but `blank`: the database refuses an empty text where one is required."""
    unclean: str
    """A PostgreSQL regular expression that a text which is not clean matches."""

    @staticmethod
    def clean_text(text: str) -> str:
        """Return the text as it is stored."""
        raise NotImplementedError

    def db_check(self, connection: Any) -> str:
        rules = [f'"{self.column}" IS NFC NORMALIZED', f"\"{self.column}\" !~ '{self.unclean}'"]
        if not self.blank:
            rules.append(f"\"{self.column}\" <> ''")
        return " AND ".join(rules)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return self.clean_text(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return self.clean_text(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Clean the text of the row itself, which is rendered after it is saved."""
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class LineField(CleanTextField, models.CharField):
    """A text of one line, such as a name or a title."""

    unclean = f"[\\u000a{_UNCLEAN}]|^ | $|  "
    clean_text = staticmethod(clean_line)


class LinesField(CleanTextField, models.TextField):
    """A text of one or more lines, such as a summary or a quote."""

    unclean = f"[{_UNCLEAN}]|^[ \\n]|[ \\n]$| [ \\n]|\\n |\\n\\n\\n"
    clean_text = staticmethod(clean_lines)


_DAY = r"[0-9]{2}[0-9X]{2}(-[0-9X]{2}(-[0-9X]{2})?)?[~?\u0025]?"  # \u0025 is a percent sign
_EDTF = f"^({_DAY}|({_DAY}|[.]{{2}})/({_DAY}|[.]{{2}})|[[]{_DAY}((,{_DAY})+|[.]{{2}}{_DAY})[]])?$"
"""A PostgreSQL regular expression for the shape of EDTF: a date, an interval, a set or nothing."""


class EdtfField(models.CharField):
    """A date in the Extended Date/Time Format (ISO 8601-2); blank if it is unknown.

    The database checks its shape, such as 2014-06-XX; forms parse it.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 60)
        super().__init__(*args, **options)

    def db_check(self, connection: Any) -> str:
        return f"\"{self.column}\" ~ '{_EDTF}'"

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
    """A language tag of BCP 47, or blank; the database refuses other text."""

    _FORM = r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$"

    default_validators = [
        RegexValidator(_FORM, "Write the language as a BCP 47 tag: ar, fa, ckb or zh-Hans.")
    ]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", 35)
        super().__init__(*args, **options)

    def db_check(self, connection: Any) -> str:
        return f"\"{self.column}\" ~ '{self._FORM}'"


class SearchKeyField(models.CharField):
    """The key by which the admin finds a row: another column, folded, and its consonants.

    The consonants are in capitals. `of` is the name of the other column. The key is computed each
    time a row is written: on save, in bulk creation and for COPY.
    """

    def __init__(self, of: str = "", *args: Any, **options: Any) -> None:
        self.of = of
        defaults: dict[str, Any] = {
            "max_length": 2000,
            "db_collation": "C",
            "editable": False,
            "default": "",
            "help_text": "Computed: the key by which editors find it in any script.",
        }
        super().__init__(*args, **defaults | options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def key(self, text: str) -> str:
        """Return the key of a text."""
        folded = fold_text(text)
        return f" {folded} {reduce_to_consonants(folded).upper()} "[: self.max_length]

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Compute the key of a row. `QuerySet.update` does not call this."""
        key = self.key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key


@SearchKeyField.register_lookup
class SoundsLike(models.Lookup):
    """Whether a search key contains the typed text, or words with its consonants."""

    lookup_name = "sounds_like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        folded = fold_text(str(self.rhs))
        consonants = reduce_to_consonants(folded).upper()
        # A name without letters or digits, such as ؟؟؟, has a key of blanks.
        forms = [f"%{folded}%" if folded else "   "]
        if len(consonants) > 1:  # two consonants must be a whole word: they match too much else
            forms.append(f"% {consonants}%" if len(consonants) > 2 else f"% {consonants} %")
        sql = " OR ".join(f"{left} LIKE %s" for _ in forms)
        return f"({sql})", tuple(value for form in forms for value in (*left_params, form))
