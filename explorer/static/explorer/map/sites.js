/* What a map shows: sites, each with its kind, its position and what a panel says about it. */

import { make, link } from "./elements.js";

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
      placeName: cells[cells.length - 3],
      describe: () => describeRow(row),
    };
  });
}

/* A heading with the link of the first cell, and a line for each other cell. */
function describeRow(row) {
  const [first, ...others] = [...row.cells].slice(0, -1);
  const title = make("strong", {}, ...cloneNodes(first));
  return [title, ...others.map((cell) => make("div", {}, ...cloneNodes(cell)))];
}

function cloneNodes(cell) {
  return [...cell.cloneNode(true).childNodes];
}

/* The sites of all incidents of a list, and those of its areas. */
export async function readList(addresses, pin, words) {
  const sites = [];
  for (const address of addresses) {
    const answer = await fetch(address, { headers: { Accept: "application/geo+json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const { features } = await answer.json();
    sites.push(...features.map((feature) => readFeature(feature, pin, words)).filter(Boolean));
  }
  return sites;
}

function readFeature({ id, geometry, properties }, pin, words) {
  const { title, slug, date, precision } = properties;
  const centre = [properties.place_point_latitude, properties.place_point_longitude];
  const position = geometry ? geometry.coordinates.slice().reverse() : centre;
  if (position[0] === null || position[0] === undefined) return null;
  const name = title || slug;
  const details = [words.date(date), properties.place_name, words.get("precisions")[precision]];
  return {
    kind: POINTS[precision] ?? "area",
    place: properties.place_id,
    position,
    name,
    details,
    placeName: properties.place_name,
    describe: () => [
      make("strong", {}, link(`/incidents/${slug || id}${pin}`, name)),
      ...details.filter(Boolean).map((text) => make("div", { dir: "auto" }, text)),
    ],
  };
}
