/* The field for a date: its words follow what is typed, and its parts write the text.
   The text is what is saved; without this script it is typed as it is. */
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

  /* The text that the parts mean. A set carries no "about": between two days it says that itself. */
  function written(field) {
    const [from, to] = ["from", "to"].map((name) => part(field, name).value.trim());
    const [about, doubted] = ["about", "doubted"].map((name) => part(field, name).checked);
    const mark = about && doubted ? "%" : about ? "~" : doubted ? "?" : "";
    const meaning = part(field, "meaning")?.value ?? "some";
    if (!from) return to && `${to}${mark}`;
    if (meaning === "open") return `${from}${mark}/..`;
    if (!to || to === from) return `${from}${mark}`;
    return meaning === "every" ? `${from}${mark}/${to}${mark}` : `[${from}..${to}]`;
  }

  /* Fill the parts from the text, where it has one of the forms that they can write. */
  function taken(field) {
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
      part(field, "doubted").checked = /[?%]/.test(marks[0]);
      if (part(field, "meaning")) part(field, "meaning").value = meaning;
      return;
    }
  }

  async function say(field) {
    const typed = text(field).value;
    const address = `${field.dataset.words}?text=${encodeURIComponent(typed)}`;
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || text(field).value !== typed) return;
    const told = await answer.json();
    const output = field.querySelector("output");
    output.textContent = told.error ?? told.words;
    output.classList.toggle("error", "error" in told);
  }

  const waiting = new WeakMap();
  function saySoon(field) {
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(say, 250, field));
  }

  document.documentElement.classList.add("scripted");
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const field = event.target.closest(".edtf");
      if (!field) return;
      if (event.target.dataset.part) text(field).value = written(field);
      saySoon(field);
    });
  }
  document.addEventListener("toggle", (event) => {
    const field = event.target.closest?.(".edtf");
    if (field && event.target.open) taken(field);
  }, true);
})();
