/* Opens a map to move in, in the place of the picture. */

import { Cells } from "./cells.js";
import { make } from "./elements.js";
import { showLabels } from "./labels.js";
import { loadBorders, loadIsland, loadLibraries } from "./libraries.js";
import { showLocations } from "./locations.js";
import { Marks } from "./marks.js";
import { Panel } from "./panel.js";
import { readFeatures, readTable } from "./sites.js";
import { Words } from "./words.js";

const LAYERS = { land: "land", lakes: "lake", boundaries: "boundary", disputed: "boundary disputed" };
const WORLD = [
  [-62, -190],
  [85, 190],
];

export async function open(figure) {
  const words = new Words(figure.dataset.words);
  const { points, areas, grid, pin } = figure.dataset;
  const box = figure.querySelector(".map-box");
  const status = make("p", { class: "map-status", role: "status", dir: "auto" });
  const say = (text) => {
    status.textContent = text;
  };
  box.append(status);
  if (points || grid) say(words.get("loading"));
  try {
    const [topology, island] = await Promise.all([
      loadBorders(),
      "island" in figure.dataset ? loadIsland() : null,
      loadLibraries(),
    ]);
    const addresses = [points, areas].filter(Boolean);
    const sites = points ? await readFeatures(addresses, pin, words) : readTable(figure);
    say("");
    await show(figure, topology, island, sites, words, say);
    figure.dataset.state = "open";
  } catch (error) {
    console.warn(error);
    say(words.get("failed"));
  }
}

async function show(figure, topology, island, sites, words, say) {
  const box = figure.querySelector(".map-box");
  box.querySelector(".locator").remove();
  box.classList.add("live");
  const container = make("div", { role: "region", "aria-label": words.get("map") });
  box.prepend(container);
  const map = makeMap(container, words);
  for (const [name, className] of Object.entries(LAYERS)) {
    const style = { className, interactive: false, smoothFactor: 1 };
    L.geoJSON(topojson.feature(topology, topology.objects[name]), style).addTo(map);
  }
  if (island) showIsland(map, island);
  const panel = new Panel(figure.querySelector(".map-panel"), words, () => {
    map.invalidateSize({ pan: false });
  });
  panel.fallback = container;
  container.addEventListener("keydown", (event) => {
    if (event.key === "Escape") panel.close();
  });
  goToStart(map, figure.dataset.box.split(",").map(Number));
  showLabels(map, [...topology.labels, ...(island?.labels ?? [])], words);
  if (figure.dataset.kind === "locations") showLocations(map, sites, panel);
  else if (figure.dataset.grid) await new Cells(map, figure.dataset, panel, words, say).ready;
  else new Marks(map, sites, panel, words);
  rememberView(map);
}

/* The land and the boundaries of the island, without the areas of its divisions. */
function showIsland(map, { features }) {
  for (const feature of features) {
    const { kind, status } = feature.properties;
    const layer = { country: "land", boundary: status === "disputed" ? status : "boundaries" }[kind];
    if (!layer) continue;
    L.geoJSON(feature, { className: LAYERS[layer], interactive: false, smoothFactor: 1 }).addTo(map);
  }
}

function makeMap(container, words) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(container, {
    attributionControl: false,
    zoomControl: false,
    scrollWheelZoom: false,
    maxBounds: WORLD,
    minZoom: 1,
    zoomSnap: 0.5,
    maxZoom: 14,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
  });
  const titles = { zoomInTitle: words.get("zoom_in"), zoomOutTitle: words.get("zoom_out") };
  L.control.zoom(titles).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  // A page is scrolled by the wheel until a reader turns to the map.
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  return map;
}

/* The view of the address, or else that of the picture. */
function goToStart(map, [west, south, east, north]) {
  const view = /^#map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)$/.exec(location.hash);
  if (view) {
    const [zoom, latitude, longitude] = view.slice(1).map(Number);
    map.setView([latitude, longitude], zoom, { animate: false });
  } else {
    map.fitBounds([[south, west], [north, east]], { animate: false });
  }
}

/* Keep the view in the address, without a new page. */
function rememberView(map) {
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    const view = `#map=${map.getZoom()}/${lat.toFixed(3)}/${lng.toFixed(3)}`;
    history.replaceState(history.state, "", view);
  });
}
