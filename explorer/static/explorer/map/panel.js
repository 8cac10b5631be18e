/* The panel beside a map, which says what was selected. */

import { make } from "./elements.js";

const MOST = 50;

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
  show(opener, title, sites, zoom) {
    this.opener?.setAttribute("aria-expanded", "false");
    this.opener = opener;
    opener.setAttribute("aria-expanded", "true");
    const close = make("button", { type: "button", class: "close" }, "×");
    close.setAttribute("aria-label", this.words.get("close"));
    close.addEventListener("click", () => this.close());
    const heading = make("h3", { id: "map-panel-title", tabindex: "-1", dir: "auto" }, title);
    const rows = sites.slice(0, MOST).map((site) => make("li", {}, ...site.describe()));
    this.element.replaceChildren(make("header", {}, heading, close));
    if (zoom) {
      const button = make("button", { type: "button" }, this.words.get("zoom_here"));
      button.addEventListener("click", zoom);
      this.element.append(button);
    }
    this.element.append(make("ul", {}, ...rows));
    if (sites.length > MOST) {
      const more = this.words.count("more", sites.length - MOST);
      this.element.append(make("p", { class: "quiet" }, more));
    }
    this.element.hidden = false;
    this.onChange();
    heading.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  close() {
    if (this.element.hidden) return;
    this.element.hidden = true;
    this.opener.setAttribute("aria-expanded", "false");
    const back = this.opener.isConnected ? this.opener : this.fallback;
    this.opener = null;
    this.onChange();
    back?.focus({ preventScroll: true });
  }
}
