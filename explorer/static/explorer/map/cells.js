/* The numbers of incidents by cell of the map, where there are too many incidents to load. */

import { joinNear, makeButton, Markers } from "./markers.js";
import { read, readList } from "./sites.js";

const FINEST = 16;

export class Cells {
  constructor(map, { grid, list, pin }, panel, words, say) {
    this.map = map;
    this.addresses = { grid, list };
    this.pin = pin;
    this.panel = panel;
    this.words = words;
    this.say = say;
    this.markers = new Markers(map);
    map.on("moveend", () => this.update());
    this.ready = this.update();
  }

  /* Read and draw the cells of the view; a view that is left before is not drawn. */
  async update() {
    this.reading?.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const zoom = Math.min(FINEST, Math.round(this.map.getZoom()));
    const box = boxOf(this.map.getBounds());
    try {
      const address = `${this.addresses.grid}&zoom=${zoom}&bbox=${box}`;
      const { cells } = await read(address, signal);
      const marks = joinNear(this.map, cells.map((cell) => makeMark(cell, zoom)));
      const wanted = marks.map(({ key, position, members }) => {
        return [key, { position, draw: () => this.drawCells(members) }];
      });
      this.markers.show(new Map(wanted));
      this.say("");
    } catch {
      if (!signal.aborted) this.say(this.words.get("busy"));
    }
  }

  drawCells(cells) {
    const sum = (count) => cells.reduce((total, cell) => total + count(cell), 0);
    const number = sum((cell) => cell.incidents);
    const near = sum((cell) => cell.precisions.near_settlement);
    const title = this.words.count("incidents", number);
    const more = near ? [this.words.count("near", near)] : [];
    const text = number > 1 ? this.words.numbers.format(number) : "";
    const kind = number > 1 ? "cluster" : `single ${near ? "near" : "point"}`;
    const button = makeButton(kind, text, title, ...more);
    const corners = cells.flatMap(({ west, south, east, north }) => [[south, west], [north, east]]);
    const bounds = L.latLngBounds(corners);
    const isSmall = number === 1 || this.map.getZoom() >= this.map.getMaxZoom();
    const zoom = isSmall ? null : () => this.panel.zoomTo(this.map, bounds);
    button.addEventListener("click", async () => {
      try {
        const address = `${this.addresses.list}&bbox=${bounds.toBBoxString()}`;
        const sites = await readList(address, this.pin, this.words);
        this.panel.show(button, title, sites, { zoom, total: number });
      } catch {
        this.say(this.words.get("busy"));
      }
    });
    return button;
  }
}

function makeMark(cell, zoom) {
  const { west, south, incidents, point } = cell;
  const position = [point.latitude, point.longitude];
  const key = `${zoom} ${west} ${south} ${incidents}`;
  return { key, position, number: incidents, members: [cell] };
}

/* The box of a view as the API reads it. */
function boxOf(bounds) {
  const within = (number, most) => Math.max(-most, Math.min(most, number)).toFixed(4);
  const west = within(bounds.getWest(), 180);
  const east = within(bounds.getEast(), 180);
  return [west, within(bounds.getSouth(), 90), east, within(bounds.getNorth(), 90)].join(",");
}
