/* The marks of a map: buttons for points and clusters of them, and labels for areas. */

import { make } from "./elements.js";

const FINEST = 13;
/* Points that are still together at this zoom are listed, not drawn apart. */

export class Marks {
  constructor(map, sites, panel, words) {
    this.map = map;
    this.panel = panel;
    this.words = words;
    this.drawn = new Map();
    this.points = sites.filter((site) => site.kind !== "area");
    this.areas = groupByPlace(sites.filter((site) => site.kind === "area"));
    this.index = new Supercluster({ radius: 44, maxZoom: FINEST });
    this.index.load(this.points.map((site, number) => makeFeature(site, number)));
    map.on("moveend", () => this.update());
    this.update();
  }

  /* Draw what lies in the view. Marks that stay keep their elements, and so the focus. */
  update() {
    const bounds = this.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const wanted = new Map();
    for (const feature of this.index.getClusters(box, Math.round(this.map.getZoom()))) {
      const { cluster, cluster_id: id, number } = feature.properties;
      const position = feature.geometry.coordinates.slice().reverse();
      const key = cluster ? `c${id}` : `p${number}`;
      const show = cluster ? () => this.makeCluster(feature) : () => this.makePoint(number);
      wanted.set(key, { position, show });
    }
    for (const [place, sites] of this.areas) {
      if (bounds.contains(sites[0].position)) {
        wanted.set(`a${place}`, { position: sites[0].position, show: () => this.makeArea(sites) });
      }
    }
    for (const [key, marker] of this.drawn) {
      if (!wanted.has(key)) {
        marker.remove();
        this.drawn.delete(key);
      }
    }
    for (const [key, { position, show }] of wanted) {
      if (!this.drawn.has(key)) this.drawn.set(key, addMarker(this.map, position, show()));
    }
  }

  makePoint(number) {
    const site = this.points[number];
    const button = makeButton(`single ${site.kind}`, "", site.name, ...site.details);
    button.addEventListener("click", () => this.panel.show(button, site.name, [site]));
    return button;
  }

  makeCluster(feature) {
    const { cluster_id: id, point_count: size } = feature.properties;
    const leaves = this.index.getLeaves(id, Infinity);
    const sites = leaves.map((leaf) => this.points[leaf.properties.number]);
    const near = sites.filter((site) => site.kind === "near").length;
    const title = this.words.count("incidents", size);
    const button = makeButton("cluster", this.words.numbers.format(size), title);
    if (near) button.setAttribute("aria-label", `${title}, ${this.words.count("near", near)}`);
    const finer = this.index.getClusterExpansionZoom(id);
    const zoom = finer <= FINEST ? () => this.zoomTo(feature, finer) : null;
    button.addEventListener("click", () => this.panel.show(button, title, sites, zoom));
    return button;
  }

  makeArea(sites) {
    const number = this.words.count("incidents", sites.length);
    const name = sites[0].placeName;
    const title = this.words.get("in_area").replace("#", name);
    const button = makeButton("area", "", "");
    const size = this.words.numbers.format(sites.length);
    button.append(make("b", {}, size), " ", make("bdi", {}, name));
    button.setAttribute("aria-label", `${number}: ${title}`);
    button.addEventListener("click", () => this.panel.show(button, `${number}: ${title}`, sites));
    return button;
  }

  zoomTo(feature, zoom) {
    this.panel.close();
    this.map.setView(feature.geometry.coordinates.slice().reverse(), zoom);
    this.map.getContainer().focus({ preventScroll: true });
  }
}

export function makeButton(kind, text, ...name) {
  const button = make("button", { type: "button", class: `map-mark ${kind}`, dir: "auto" }, text);
  button.setAttribute("aria-label", name.filter(Boolean).join(", "));
  button.setAttribute("aria-expanded", "false");
  button.title = name[0] ?? "";
  L.DomEvent.disableClickPropagation(button);
  return button;
}

export function addMarker(map, position, button) {
  const icon = L.divIcon({ html: button, className: "map-spot", iconSize: [0, 0] });
  const options = { icon, keyboard: false, interactive: false };
  if (button.classList.contains("area")) options.zIndexOffset = -10_000;
  return L.marker(position, options).addTo(map);
}

function makeFeature(site, number) {
  const [latitude, longitude] = site.position;
  const geometry = { type: "Point", coordinates: [longitude, latitude] };
  return { type: "Feature", properties: { number }, geometry };
}

function groupByPlace(sites) {
  const groups = new Map();
  for (const site of sites) {
    if (!groups.has(site.place)) groups.set(site.place, []);
    groups.get(site.place).push(site);
  }
  return groups;
}
