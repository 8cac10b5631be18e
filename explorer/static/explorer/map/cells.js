/* The numbers of incidents by cell of the map, where there are too many incidents to load. */

import { makeButton, Markers } from "./markers.js";
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
      const wanted = cells.map((cell) => [
        `${zoom} ${cell.west} ${cell.south} ${cell.incidents}`,
        {
          position: [cell.point.latitude, cell.point.longitude],
          draw: () => this.drawCell(cell, zoom),
        },
      ]);
      this.markers.show(new Map(wanted));
      this.say("");
    } catch {
      if (!signal.aborted) this.say(this.words.get("busy"));
    }
  }

  drawCell(cell, zoom) {
    const { incidents, precisions, point } = cell;
    const near = precisions.near_settlement;
    const title = this.words.count("incidents", incidents);
    const more = near ? [this.words.count("near", near)] : [];
    const text = incidents > 1 ? this.words.numbers.format(incidents) : "";
    const kind = incidents > 1 ? "cluster" : `single ${near ? "near" : "point"}`;
    const button = makeButton(kind, text, title, ...more);
    const position = [point.latitude, point.longitude];
    const finer = zoom + 2;
    const closer =
      incidents > 1 && finer <= FINEST ? () => this.panel.zoomTo(this.map, position, finer) : null;
    button.addEventListener("click", async () => {
      const box = [cell.west, cell.south, cell.east, cell.north].join(",");
      try {
        const sites = await readList(`${this.addresses.list}&bbox=${box}`, this.pin, this.words);
        this.panel.show(button, title, sites, { zoom: closer, total: incidents });
      } catch {
        this.say(this.words.get("busy"));
      }
    });
    return button;
  }
}

/* The box of a view as the API reads it. */
function boxOf(bounds) {
  const within = (number, most) => Math.max(-most, Math.min(most, number)).toFixed(4);
  const west = within(bounds.getWest(), 180);
  const east = within(bounds.getEast(), 180);
  return [west, within(bounds.getSouth(), 90), east, within(bounds.getNorth(), 90)].join(",");
}
