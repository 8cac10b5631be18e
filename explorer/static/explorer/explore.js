// Names are suggested while somebody types: a combobox by the pattern of WAI-ARIA, with a list popup.
// Without this script, a name that is typed is resolved by the server.

const DELAY = 150;
const pins = ["snapshot", "known_at", "release"];

class Combobox {
  constructor(input) {
    this.input = input;
    this.options = [];
    this.active = -1;
    const wrapper = document.createElement("div");
    wrapper.className = "combobox";
    input.replaceWith(wrapper);
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = `${input.id}-suggestions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`).textContent);
    this.list.hidden = true;
    wrapper.append(input, this.list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", event => this.press(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", event => event.preventDefault());
    this.list.addEventListener("click", event => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.findIndex(each => each.element === option));
    });
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.suggest(), DELAY);
  }

  async suggest() {
    const typed = this.input.value.trim();
    this.request?.abort();
    if (!/[\p{L}\p{N}]/u.test(typed)) return this.close();
    this.request = new AbortController();
    const query = new URLSearchParams({ q: typed, type: this.input.dataset.suggest, limit: "8" });
    const here = new URLSearchParams(location.search);
    for (const pin of pins) if (here.has(pin)) query.set(pin, here.get(pin));
    try {
      const answer = await fetch(`/api/v1/suggest?${query}`, { signal: this.request.signal });
      if (answer.ok) this.show((await answer.json()).results);
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // the form works without suggestions
    }
  }

  show(results) {
    this.options = results.map((result, number) => {
      const element = document.createElement("li");
      element.id = `${this.list.id}-${number}`;
      element.setAttribute("role", "option");
      element.setAttribute("aria-selected", "false");
      const name = document.createElement("bdi");
      name.textContent = result.name;
      element.append(name);
      const notes = [];
      if (result.matched_name !== result.name) notes.push(result.matched_name);
      if (result.country) notes.push(result.country);
      if (result.years?.first) notes.push(`${result.years.first}–${result.years.last ?? ""}`);
      if (notes.length) {
        const note = document.createElement("span");
        note.className = "quiet";
        note.dir = "auto";
        note.textContent = notes.join(" · ");
        element.append(note);
      }
      return { result, element };
    });
    this.list.replaceChildren(...this.options.map(each => each.element));
    this.activate(-1);
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
  }

  activate(number) {
    this.active = number;
    this.options.forEach((each, at) => each.element.setAttribute("aria-selected", String(at === number)));
    const element = this.options[number]?.element;
    if (element) {
      this.input.setAttribute("aria-activedescendant", element.id);
      element.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    const open = !this.list.hidden;
    const count = this.options.length;
    if (event.key === "ArrowDown" && !open) this.suggest();
    else if (event.key === "ArrowDown") this.activate((this.active + 1) % count);
    else if (event.key === "ArrowUp" && open) this.activate(this.active < 0 ? count - 1 : this.active - 1);
    else if (event.key === "Enter" && open && this.active >= 0) this.choose(this.active);
    else if (event.key === "Escape" && open) this.close();
    else return;
    event.preventDefault();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  choose(number) {
    const { result } = this.options[number];
    const byId = ["source", "publisher"].includes(result.type);
    const key = byId ? result.id : result.slug ?? result.id;
    const box = document.createElement("input");
    box.type = "checkbox";
    box.name = this.input.name;
    box.value = key;
    box.checked = true;
    const name = document.createElement("bdi");
    name.textContent = result.name;
    const label = document.createElement("label");
    label.append(box, " ", name);
    const item = document.createElement("li");
    item.append(label);
    this.input.closest(".field").querySelector(".chosen").append(item);
    this.input.value = "";
    this.close();
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) {
  if (input.dataset.suggest && input.id && !input.hasAttribute("list")) new Combobox(input);
}

// Blank fields do not appear in the address. Without this script, the server removes them.
for (const form of document.querySelectorAll("form.filters, form.group-by")) {
  const blank = form.getElementsByTagName("*");
  form.addEventListener("submit", () => {
    for (const field of blank) if (field.name && field.value === "") field.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const field of blank) field.disabled = false;
  });
}
