/* Markers that are buttons of their own, so that they have names and can be reached by keyboard. */

export class Markers {
  constructor(map) {
    this.map = map;
    this.shown = new Map();
  }

  /* Show these markers, by their keys. Those that stay keep their elements, and so the focus. */
  show(wanted) {
    for (const [key, marker] of this.shown) {
      if (!wanted.has(key)) {
        marker.remove();
        this.shown.delete(key);
      }
    }
    for (const [key, { position, draw }] of wanted) {
      if (!this.shown.has(key)) this.shown.set(key, addMarker(this.map, position, draw()));
    }
  }
}

export function addMarker(map, position, button) {
  const icon = L.divIcon({ html: button, className: "map-spot", iconSize: [0, 0] });
  const options = { icon, keyboard: false, interactive: false };
  if (button.matches(".area")) options.zIndexOffset = -10_000;
  return L.marker(position, options).addTo(map);
}

export function makeButton(kind, text, ...name) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = `map-mark ${kind}`;
  button.dir = "auto";
  button.append(text);
  button.title = name[0];
  button.setAttribute("aria-label", name.filter(Boolean).join(", "));
  button.setAttribute("aria-expanded", "false");
  L.DomEvent.disableClickPropagation(button);
  return button;
}
