/* The date field: shows the meaning of the date while it is typed, and builds the date from parts.
   Only the text is saved, so the field also works without this script. */
"use strict";
(() => {
  const DATE = "[0-9X]{4}(?:-[0-9X]{2}){0,2}";
  const FORMS = [
    [new RegExp(`^(${DATE})([~?%]?)$`), "some"],
    [new RegExp(`^\\[(${DATE})\\.\\.(${DATE})\\]$`), "some"],
    [new RegExp(`^(${DATE})([~?%]?)/\\.\\.$`), "open"],
    [new RegExp(`^(${DATE})([~?%]?)/(${DATE})([~?%]?)$`), "every"],
  ];
  const part = (field, name) => field.querySelector(`[data-part="${name}"]`);
  const text = (field) => field.querySelector("input");

  /* Build the text from the parts. A set has no mark "about": two days already express that. */
  function build(field) {
    const [from, to] = ["from", "to"].map((name) => part(field, name).value.trim());
    const [about, uncertain] = ["about", "uncertain"].map((name) => part(field, name).checked);
    const mark = about && uncertain ? "%" : about ? "~" : uncertain ? "?" : "";
    const meaning = part(field, "meaning")?.value ?? "some";
    if (!from) return to && `${to}${mark}`;
    if (meaning === "open") return `${from}${mark}/..`;
    if (!to || to === from) return `${from}${mark}`;
    return meaning === "every" ? `${from}${mark}/${to}${mark}` : `[${from}..${to}]`;
  }

  /* Fill in the parts from the text, if it has one of the forms that they can build. */
  function parse(field) {
    const typed = text(field).value.trim();
    for (const [form, meaning] of FORMS) {
      const match = form.exec(typed);
      if (!match) continue;
      const values = match.slice(1);
      const dates = values.filter((value) => /^[0-9]/.test(value));
      const marks = values.filter((value) => !/^[0-9]/.test(value));
      if (new Set(marks).size > 1) return;
      part(field, "from").value = dates[0] ?? "";
      part(field, "to").value = dates[1] ?? "";
      part(field, "about").checked = /[~%]/.test(marks[0]);
      part(field, "uncertain").checked = /[?%]/.test(marks[0]);
      if (part(field, "meaning")) part(field, "meaning").value = meaning;
      return;
    }
  }

  async function explain(field) {
    const typed = text(field).value;
    const url = `${field.dataset.url}?text=${encodeURIComponent(typed)}`;
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    if (!response.ok || text(field).value !== typed) return;
    const explanation = await response.json();
    const output = field.querySelector("output");
    output.textContent = explanation.error ?? explanation.meaning;
    output.classList.toggle("error", "error" in explanation);
  }

  const timers = new WeakMap();
  function explainSoon(field) {
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(explain, 250, field));
  }

  document.documentElement.classList.add("scripted");
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const field = event.target.closest(".edtf");
      if (!field) return;
      if (event.target.dataset.part) text(field).value = build(field);
      explainSoon(field);
    });
  }
  document.addEventListener("toggle", (event) => {
    const field = event.target.closest?.(".edtf");
    if (field && event.target.open) parse(field);
  }, true);
})();
