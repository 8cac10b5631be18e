/* The marks of a map: buttons for points and clusters of them, and names of areas. */

import { make } from "./elements.js";
import { findRoom, joinNear, makeButton, Markers } from "./markers.js";

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
    this.index = new Supercluster({ radius: 40, maxZoom: FINEST });
    this.index.load(this.points.map(makeFeature));
    map.on("moveend", () => this.update());
    this.update();
  }

  /* Draw what lies in the view. */
  update() {
    const bounds = this.map.getBounds();
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const features = this.index.getClusters(box, Math.round(this.map.getZoom()));
    const marks = joinNear(this.map, features.map((feature) => this.makeMark(feature)));
    const areas = [...this.areas].filter(([, [{ position }]]) => bounds.contains(position));
    const labels = areas.map(([place, sites]) => ({
      key: `area ${place}`,
      position: sites[0].position,
      text: `${sites.length} ${sites[0].placeName}`,
      sites,
    }));
    const wanted = new Map();
    for (const { key, position, members } of marks) {
      const sites = members.map((number) => this.points[number]);
      const draw = sites.length > 1 ? () => this.drawCluster(sites) : () => this.drawPoint(sites[0]);
      wanted.set(key, { position, draw });
    }
    for (const { key, position, sites } of findRoom(this.map, labels, marks)) {
      wanted.set(key, { position, draw: () => this.drawArea(sites) });
    }
    this.markers.show(wanted);
  }

  makeMark({ geometry, properties: { cluster, cluster_id: id, number } }) {
    const [longitude, latitude] = geometry.coordinates;
    const leaves = cluster ? this.index.getLeaves(id, Infinity) : [];
    const members = cluster ? leaves.map((leaf) => leaf.properties.number) : [number];
    const key = cluster ? `cluster ${id}` : `point ${number}`;
    return { key, position: [latitude, longitude], number: members.length, members };
  }

  drawPoint(site) {
    const button = makeButton(`single ${site.kind}`, "", site.name, ...site.details);
    button.addEventListener("click", () => this.panel.show(button, site.name, [site]));
    return button;
  }

  drawCluster(sites) {
    const near = sites.filter((site) => site.kind === "near").length;
    const title = this.words.count("incidents", sites.length);
    const more = near ? [this.words.count("near", near)] : [];
    const button = makeButton("cluster", this.words.numbers.format(sites.length), title, ...more);
    const bounds = L.latLngBounds(sites.map((site) => site.position));
    const isOnePoint = bounds.getSouthWest().distanceTo(bounds.getNorthEast()) < 20;
    const zoom = isOnePoint ? null : () => this.panel.zoomTo(this.map, bounds, FINEST + 1);
    button.addEventListener("click", () => this.panel.show(button, title, sites, { zoom }));
    return button;
  }

  drawArea(sites) {
    const [{ placeName: name }] = sites;
    const size = this.words.numbers.format(sites.length);
    const number = this.words.count("incidents", sites.length);
    const title = `${size} ${name}`;
    const button = makeButton("area", "", `${title}: ${number}`, this.words.get("in_area"));
    button.append(make("b", {}, size), " ", make("bdi", {}, name));
    button.addEventListener("click", () => this.panel.show(button, `${name}: ${number}`, sites));
    return button;
  }
}

function makeFeature(site, number) {
  const [latitude, longitude] = site.position;
  const geometry = { type: "Point", coordinates: [longitude, latitude] };
  return { type: "Feature", properties: { number }, geometry };
}

function groupByPlace(sites) {
  const groups = new Map();
  for (const site of sites) {
    groups.set(site.place, [...(groups.get(site.place) ?? []), site]);
  }
  return groups;
}
