/* What a map shows: sites, each with its kind, its position and what a panel says about it. */

import { link, make } from "./elements.js";

const POINTS = { exact: "point", settlement: "point", near_settlement: "near" };

/* The sites of the rows of the table below a map. */
export function readTable(figure) {
  return [...figure.querySelectorAll(".map-table tr[data-latitude]")].map((row) => {
    const { kind, latitude, longitude, role, place } = row.dataset;
    const cells = [...row.cells].map((cell) => cell.textContent.trim());
    return {
      kind,
      role,
      place,
      position: [Number(latitude), Number(longitude)],
      name: cells[0],
      details: cells.slice(1, -1),
      placeName: cells.at(-3),
      describe: () => describeRow(row),
    };
  });
}

/* The first cell as a title, and a line for each other cell but the last. */
function describeRow(row) {
  const [first, ...others] = [...row.cells].slice(0, -1);
  const copy = (cell) => [...cell.cloneNode(true).childNodes];
  const lines = others.map((cell) => make("div", {}, ...copy(cell)));
  return [make("strong", {}, ...copy(first)), ...lines];
}

/* The sites of the features of some addresses, one address after the other. */
export async function readFeatures(addresses, pin, words) {
  const sites = [];
  for (const address of addresses) {
    const { features } = await read(address);
    for (const { id, geometry, properties } of features) {
      const { title, slug, date, precision, place_id: place, place_name: placeName } = properties;
      const { place_point_latitude: latitude, place_point_longitude: longitude } = properties;
      const point = geometry?.coordinates ?? [longitude, latitude];
      const position = [point[1], point[0]];
      const incident = { key: slug || id, title: title || slug, date, precision, placeName };
      if (position[0] !== null) sites.push({ ...makeSite(incident, pin, words), place, position });
    }
  }
  return sites;
}

/* The incidents of a list, without their positions. */
export async function readList(address, pin, words) {
  const { results } = await read(address);
  return results.map(({ id, slug, title, date, precision, place }) => {
    const incident = { key: slug || id, title: title || slug, date, precision };
    return makeSite({ ...incident, placeName: place?.name }, pin, words);
  });
}

function makeSite({ key, title, date, precision, placeName }, pin, words) {
  const details = [words.date(date), placeName, words.get("precisions")[precision]].filter(Boolean);
  return {
    kind: POINTS[precision] ?? "area",
    name: title,
    placeName,
    details,
    describe: () => [
      make("strong", {}, link(`/incidents/${key}${pin}`, title)),
      ...details.map((text) => make("div", {}, make("bdi", {}, text))),
    ],
  };
}

/* Read JSON; once more if the server is busy. */
export async function read(address, signal) {
  let answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
  if (answer.status === 429 || answer.status === 503) {
    const seconds = Math.min(Number(answer.headers.get("Retry-After")) || 1, 5);
    await new Promise((resolve) => setTimeout(resolve, 1000 * seconds));
    answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
  }
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}
