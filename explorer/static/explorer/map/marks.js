/* The marks of a map: buttons for points and clusters of them, and names of areas. */

import { makeButton, Markers } from "./markers.js";
import { make } from "./elements.js";

const FINEST = 13;
/* Points that are still together at this zoom are listed, not drawn apart. */

export class Marks {
  constructor(map, sites, panel, words) {
    this.map = map;
    this.panel = panel;
    this.words = words;
    this.markers = new Markers(map);
    this.points = sites.filter((site) => site.kind !== "area");
    this.areas = groupByPlace(sites.filter((site) => site.kind === "area"));
    this.index = new Supercluster({ radius: 44, maxZoom: FINEST });
    this.index.load(this.points.map(makeFeature));
    map.on("moveend", () => this.update());
    this.update();
  }

  /* Draw what lies in the view. */
  update() {
    const bounds = this.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const wanted = new Map();
    for (const feature of this.index.getClusters(box, Math.round(this.map.getZoom()))) {
      const { cluster, cluster_id: id, number } = feature.properties;
      const position = positionOf(feature);
      const draw = cluster ? () => this.drawCluster(feature) : () => this.drawPoint(number);
      wanted.set(cluster ? `cluster ${id}` : `point ${number}`, { position, draw });
    }
    for (const [place, sites] of this.areas) {
      const { position } = sites[0];
      if (bounds.contains(position)) {
        wanted.set(`area ${place}`, { position, draw: () => this.drawArea(sites) });
      }
    }
    this.markers.show(wanted);
  }

  drawPoint(number) {
    const site = this.points[number];
    const button = makeButton(`single ${site.kind}`, "", site.name, ...site.details);
    button.addEventListener("click", () => this.panel.show(button, site.name, [site]));
    return button;
  }

  drawCluster(feature) {
    const { cluster_id: id, point_count: size } = feature.properties;
    const leaves = this.index.getLeaves(id, Infinity);
    const sites = leaves.map((leaf) => this.points[leaf.properties.number]);
    const near = sites.filter((site) => site.kind === "near").length;
    const title = this.words.count("incidents", size);
    const more = near ? [this.words.count("near", near)] : [];
    const button = makeButton("cluster", this.words.numbers.format(size), title, ...more);
    const finer = this.index.getClusterExpansionZoom(id);
    const position = positionOf(feature);
    const zoom = finer <= FINEST ? () => this.panel.zoomTo(this.map, position, finer) : null;
    button.addEventListener("click", () => this.panel.show(button, title, sites, { zoom }));
    return button;
  }

  drawArea(sites) {
    const [{ placeName: name }] = sites;
    const number = this.words.count("incidents", sites.length);
    const title = `${number}: ${this.words.get("in_area").replace("#", name)}`;
    const button = makeButton("area", "", title);
    const size = this.words.numbers.format(sites.length);
    button.append(make("b", {}, size), " ", make("bdi", {}, name));
    button.addEventListener("click", () => this.panel.show(button, title, sites));
    return button;
  }
}

function makeFeature(site, number) {
  const [latitude, longitude] = site.position;
  const geometry = { type: "Point", coordinates: [longitude, latitude] };
  return { type: "Feature", properties: { number }, geometry };
}

function positionOf({ geometry: { coordinates } }) {
  return [coordinates[1], coordinates[0]];
}

function groupByPlace(sites) {
  const groups = new Map();
  for (const site of sites) {
    groups.set(site.place, [...(groups.get(site.place) ?? []), site]);
  }
  return groups;
}
