/* The editor: adds rows and puts the focus into them, quotes the report, and knows keys.

   The server decides everything: this script only saves steps. */
"use strict";
(() => {
  const editor = document.querySelector(".editor");
  if (!editor) return;
  const report = document.getElementById("id_report");
  let current = null; // the row that had the focus last
  let field = null; // the field of it

  const focusable = "input:not([type=hidden]), select:not(.select2-hidden-accessible), textarea, .select2-selection, button, summary";

  function focusFirst(row) {
    row.querySelector(".fields")?.querySelector(focusable)?.focus();
  }

  /* Add a row at the end of `rows`, from the template of its kind. */
  function addRow(prefix, rows, before = null) {
    const template = document.getElementById(`${prefix}-empty`);
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    if (!template || !total) return null;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    const row = holder.content.firstElementChild;
    rows.insertBefore(row, before);
    for (const nested of row.querySelectorAll(":scope > .nested")) nest(nested, row);
    const detail = { formsetName: prefix };
    row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail }));
    return row;
  }

  /* Add a row of a row, which names the row that it belongs to. */
  function nest(container, row) {
    const button = container.querySelector(":scope > [data-nest]");
    const added = addRow(container.dataset.prefix, container, button);
    if (!added) return null;
    added.querySelector('input[name$="-row"]').value = row.id;
    return added;
  }

  function addTo(section) {
    const row = addRow(section.dataset.prefix, section.querySelector(".rows"));
    if (!row) return;
    for (const other of document.querySelectorAll(".rows > .row.new[open][data-changed]")) other.open = false;
    row.scrollIntoView({ block: "nearest" });
    focusFirst(row);
  }

  /* Take away the rows that were added and deleted again; a row before others stays, marked. */
  function trim(prefix) {
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    for (;;) {
      const row = document.getElementById(`${prefix}-${total.value - 1}`);
      const isDeleted = row?.querySelector(":scope > .foot .field-DELETE input")?.checked;
      if (!row?.matches(".new") || !isDeleted || row.querySelector(".nested > .row")) return;
      const rows = row.parentElement;
      row.remove();
      total.value -= 1;
      rows.dispatchEvent(new CustomEvent("formset:removed", { bubbles: true, detail: { formsetName: prefix } }));
    }
  }

  function remove(row) {
    row.hidden = true;
    // A citation stays, marked: it says that its row is not to be cited.
    if (row.parentElement.matches(".nested")) return;
    for (const nested of row.querySelectorAll(":scope > .nested")) {
      for (const each of nested.querySelectorAll(":scope > .row")) {
        const box = each.querySelector(":scope > .foot .field-DELETE input");
        if (box) box.checked = true;
      }
      trim(nested.dataset.prefix);
    }
    trim(row.id.replace(/-\d+$/, ""));
    if (current && !current.isConnected) [current, field] = [null, null];
  }

  /* Close a row with a sentence of what was entered. */
  function summarize(row) {
    if (!row.matches(".row") || row.open || !row.querySelector(":scope > .fields")) return;
    const values = [...row.querySelectorAll(":scope > .fields :is(input, select, textarea)")]
      .filter((input) => input.type !== "hidden" && !input.matches(".select2-search__field"))
      .map((input) => {
        if (input.tagName !== "SELECT") return input.value.trim();
        return input.value ? input.selectedOptions[0]?.text.trim() : "";
      })
      .filter(Boolean);
    if (values.length && row.dataset.changed) row.querySelector(".sentence").textContent = values.join(", ");
  }

  function useAsQuote() {
    const marked = report && document.activeElement !== null
      ? report.value.slice(report.selectionStart, report.selectionEnd).trim()
      : "";
    if (!marked || !current?.isConnected) return;
    const part = current.closest(".nested") ? current.closest(".nested").closest(".row") : current;
    const container = [...part.querySelectorAll(":scope > .nested")].find((each) => each.dataset.prefix.endsWith("_citations"));
    let quote = current.querySelector(':scope > .fields [name$="-quote"]');
    if (!quote && container) {
      const quotes = [...container.querySelectorAll('.row.new [name$="-quote"]')];
      quote = quotes.find((each) => !each.value) ?? nest(container, part)?.querySelector('[name$="-quote"]');
    }
    if (!quote) return;
    quote.value = marked;
    quote.dispatchEvent(new Event("change", { bubbles: true }));
    part.open = true;
    (field?.isConnected ? field : quote).focus();
  }

  document.addEventListener("focusin", (event) => {
    const row = event.target.closest(".row");
    if (row) [current, field] = [row, event.target];
  });
  document.addEventListener("change", (event) => {
    let row = event.target.closest?.(".row");
    if (row?.matches(".new") && event.target.name?.endsWith("-DELETE")) {
      remove(row);
      return;
    }
    for (; row; row = row.parentElement.closest(".row")) row.dataset.changed = "yes";
  });
  document.addEventListener("toggle", (event) => summarize(event.target), true);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.add) addTo(button.closest(".part"));
    if (button.dataset.nest) {
      const added = nest(button.closest(".nested"), button.closest(".row"));
      if (added) focusFirst(added);
    }
    if (button.matches(".use-quote")) useAsQuote();
  });
  // A click on the button must not take the focus from the row, nor the mark from the report.
  document.addEventListener("mousedown", (event) => {
    if (event.target.closest(".use-quote")) event.preventDefault();
  });

  const parts = [...document.querySelectorAll(".part")];
  const partInFocus = () => document.activeElement?.closest(".part") ?? current?.closest(".part");
  const press = (name) => document.querySelector(`.submit-row [name="${name}"]`)?.click();
  const keys = {
    KeyA: () => addTo(partInFocus() ?? parts[0]),
    KeyN: () => {
      const next = parts[parts.indexOf(partInFocus()) + 1] ?? parts[0];
      next.querySelector(".rows > .row > summary, button.add")?.focus();
      next.scrollIntoView({ block: "nearest" });
    },
    KeyM: () => {
      const row = document.activeElement?.closest(".row") ?? current;
      const more = row?.querySelector(":scope > .more");
      if (!more) return;
      more.open = !more.open;
      (more.open ? more.querySelector(".fields") : row).querySelector(focusable)?.focus();
    },
    KeyQ: useAsQuote,
  };
  document.addEventListener("keydown", (event) => {
    const control = event.ctrlKey || event.metaKey;
    let act = null;
    if (control && !event.altKey && event.code === "KeyS") act = () => press("_continue");
    else if (control && event.key === "Enter") act = () => press("_submit_review");
    else if (event.altKey && !control && /^Digit[1-9]$/.test(event.code)) {
      const part = parts[Number(event.code.slice(5)) - 1];
      act = part && (() => addTo(part));
    } else if (event.altKey && !control) act = keys[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /* Show what the report says about itself; the server reads it again when the form is saved. */
  let timer;
  async function read() {
    const text = report.value;
    if (!text.trim()) return;
    const body = new FormData();
    body.set("text", text);
    body.set("csrfmiddlewaretoken", document.querySelector('input[name="csrfmiddlewaretoken"]').value);
    const response = await fetch(editor.dataset.reportUrl, { method: "POST", body });
    if (!response.ok || report.value !== text) return;
    const stated = await response.json();
    choose("id_current_source", stated.source);
    if (!stated.source) {
      choose("id_source_publisher", stated.publisher);
      const published = document.getElementById("id_source_published");
      if (published && !published.value) {
        published.value = stated.published;
        published.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    const title = document.querySelector(".field-source_title");
    title?.classList.toggle("is-known", Boolean(stated.source));
    document.querySelector(".field-source_publisher")?.classList.toggle("is-known", Boolean(stated.source));
  }
  function choose(id, option) {
    const select = document.getElementById(id);
    if (!select || !option || select.value) return;
    select.append(new Option(option.text, option.id, true, true));
    django.jQuery(select).trigger("change");
  }
  report?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(read, 250);
  });
})();
