/* Markers that are buttons of their own, so that they have names and can be reached by keyboard. */

const APART = 34;
/* Marks that are nearer, in pixels, would cover each other. */
const LETTER = 7;
const LINE = 26;
/* About how large the text of a label is, in pixels. */
const WIDEST = 180;
const ASIDE = 70;
const SIDES = [0, ASIDE, -ASIDE];
const PLACES = SIDES.flatMap((x) => [0, 1, -1, 2, -2].map((line) => [x, line * LINE]));
/* Where a label may be, in pixels from its position. */

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

/* Join marks that would cover each other. Each has a key, a position, a number and members. */
export function joinNear(map, marks) {
  let joined = marks.map((mark) => ({ ...mark, at: map.latLngToLayerPoint(mark.position) }));
  for (let before = 0; before !== joined.length; ) {
    before = joined.length;
    joined = joined.reduce(addToNearest, []);
  }
  return joined.map((mark) => ({ ...mark, position: map.layerPointToLatLng(mark.at) }));
}

function addToNearest(marks, mark) {
  const near = marks.find((other) => other.at.distanceTo(mark.at) < APART);
  if (!near) return [...marks, mark];
  const number = near.number + mark.number;
  near.at = near.at.multiplyBy(near.number / number).add(mark.at.multiplyBy(mark.number / number));
  near.number = number;
  near.key = `${near.key} ${mark.key}`;
  near.members = [...near.members, ...mark.members];
  return marks;
}

/* Return labels moved to where they cover nothing; those without room are left out. */
export function findRoom(map, labels, marks) {
  const taken = marks.map(({ position }) => boxAround(map.latLngToLayerPoint(position), APART, APART));
  const placed = [];
  for (const label of labels) {
    const point = map.latLngToLayerPoint(label.position);
    const width = Math.min(LETTER * label.text.length, WIDEST) + 8;
    for (const place of PLACES) {
      const at = point.add(place);
      const box = boxAround(at, width, LINE);
      if (taken.some((other) => other.overlaps(box))) continue;
      taken.push(box);
      placed.push({ ...label, key: `${label.key} ${place}`, position: map.layerPointToLatLng(at) });
      break;
    }
  }
  return placed;
}

function boxAround(point, width, height) {
  const half = L.point(width / 2, height / 2);
  return L.bounds(point.subtract(half), point.add(half));
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
