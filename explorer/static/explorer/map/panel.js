/* The panel beside a map, which says what was selected. */

import { make } from "./elements.js";

const MOST = 50;
/* The largest number of incidents that it lists. */

export class Panel {
  constructor(element, words, onChange) {
    this.element = element;
    this.words = words;
    this.onChange = onChange;
    this.opener = null;
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
  }

  /* Show some sites under a title. `zoom` moves the map closer to them. */
  show(opener, title, sites, { zoom = null, total = sites.length } = {}) {
    this.opener?.setAttribute("aria-expanded", "false");
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    const close = makeButton("×", () => this.close());
    close.className = "close";
    close.setAttribute("aria-label", this.words.get("close"));
    const heading = make("h3", { id: "map-panel-title", tabindex: "-1", dir: "auto" }, title);
    this.element.replaceChildren(make("header", {}, heading, close));
    if (zoom) this.element.append(makeButton(this.words.get("zoom_here"), zoom));
    const rows = sites.slice(0, MOST).map((site) => make("li", {}, ...site.describe()));
    this.element.append(make("ul", {}, ...rows));
    if (total > rows.length) {
      const more = this.words.count("more", total - rows.length);
      this.element.append(make("p", { class: "quiet" }, more));
    }
    this.element.hidden = false;
    this.onChange();
    heading.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  zoomTo(map, bounds, maxZoom) {
    this.close();
    map.fitBounds(bounds.pad(0.2), { maxZoom });
    map.getContainer().focus({ preventScroll: true });
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    const back = this.opener.isConnected ? this.opener : this.fallback;
    this.opener = null;
    this.onChange();
    back.focus({ preventScroll: true });
  }
}

function makeButton(text, act) {
  const button = make("button", { type: "button" }, text);
  button.addEventListener("click", act);
  return button;
}
