/* The words of a map in the language of the page; `#` is where a number goes. */

export class Words {
  constructor(text) {
    this.words = JSON.parse(text);
    this.language = document.documentElement.lang;
    this.rules = new Intl.PluralRules(this.language);
    this.numbers = new Intl.NumberFormat(this.language);
  }

  get(name) {
    return this.words[name];
  }

  count(name, number) {
    const forms = this.words[name];
    const form = forms[this.rules.select(number)] ?? forms.other;
    return form.replace("#", this.numbers.format(number));
  }

  /* A day, a month or a year as this language writes it; other dates as the data do. */
  date(text) {
    if (!text) return this.words.no_date;
    if (!/^\d{4}(-(0[1-9]|1[0-2])(-\d\d)?)?$/.test(text)) return text;
    const parts = text.split("-").length;
    const format = { year: "numeric", timeZone: "UTC" };
    if (parts > 1) format.month = "long";
    if (parts > 2) format.day = "numeric";
    return new Intl.DateTimeFormat(this.language, format).format(new Date(text));
  }
}
