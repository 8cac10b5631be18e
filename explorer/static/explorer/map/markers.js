/* Markers that are buttons of their own, so that they have names and can be reached by keyboard. */

const APART = 34;
/* Marks that are nearer, in pixels, would cover each other. */
const LETTER = 7;
const LINE = 26;
/* About how large the text of a label is, in pixels. */
const WIDEST = 180;
const NAMED = 20;
/* How large a mark is whose name is beside it, and how far its name is away. */
const EDGE = 6;
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
      const marker = this.shown.get(key);
      if (marker) marker.setLatLng(position);
      else this.shown.set(key, addMarker(this.map, position, draw()));
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

/* Return labels moved to where they cover nothing and nothing cuts them off; those without room are
   left out. `taken` are boxes that something else covers. */
export function findRoom(map, labels, marks, taken = []) {
  taken = [...taken, ...listNames(map), ...marks.map(({ position }) => boxOf(map, position, APART))];
  const placed = [];
  for (const label of labels) {
    const point = map.latLngToLayerPoint(label.position);
    const width = widthOf(label.text);
    for (const place of PLACES) {
      const at = moveIntoView(map, point.add(place), width);
      const box = boxAround(at, width, LINE);
      if (taken.some((other) => other.overlaps(box))) continue;
      taken.push(box);
      placed.push({ ...label, position: map.layerPointToLatLng(at) });
      break;
    }
  }
  return placed;
}

/* Return the side of each mark where its name covers nothing, and the boxes of these names. */
export function findSides(map, marks) {
  const taken = marks.map(({ position }) => boxOf(map, position, NAMED));
  const boxes = [];
  const sides = marks.map(({ position, text }) => {
    const point = map.latLngToLayerPoint(position);
    const width = widthOf(text);
    const across = (width + NAMED) / 2 + 2;
    const places = { right: [across, 0], left: [-across, 0], below: [0, NAMED], above: [0, -NAMED] };
    const boxAt = (side) => boxAround(point.add(places[side]), width, LINE / 2);
    const isFree = (side) => ![...taken, ...boxes].some((other) => other.overlaps(boxAt(side)));
    const side = Object.keys(places).find(isFree) ?? "right";
    boxes.push(boxAt(side));
    return side;
  });
  return { sides, boxes };
}

/* Return the boxes of the names of countries. */
function listNames(map) {
  const { left, top } = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll(".map-country")].map((name) => {
    const box = name.getBoundingClientRect();
    const corners = [[box.left - left, box.top - top], [box.right - left, box.bottom - top]];
    return L.bounds(corners.map((corner) => map.containerPointToLayerPoint(corner)));
  });
}

function boxOf(map, position, size) {
  return boxAround(map.latLngToLayerPoint(position), size, size);
}

function widthOf(text) {
  return Math.min(LETTER * text.length, WIDEST) + 8;
}

/* Return a point that is moved so far to the side that a text around it lies within the map. */
function moveIntoView(map, point, width) {
  const left = map.containerPointToLayerPoint([EDGE + width / 2, 0]).x;
  const right = map.containerPointToLayerPoint([map.getSize().x - EDGE - width / 2, 0]).x;
  return L.point(Math.max(left, Math.min(right, point.x)), point.y);
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
