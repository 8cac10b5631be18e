/* The locations of one incident: where something was launched, where it struck, and how precisely
   that is known. */

import { make } from "./elements.js";
import { addMarker, findRoom, findSides, makeButton, Markers } from "./markers.js";

const NEAR = 25_000;
/* "Near a settlement" means within about 25 kilometres. */

export function showLocations(map, sites, panel) {
  const points = sites.filter((site) => site.kind !== "area");
  for (const site of points.filter((other) => other.kind === "near")) {
    const style = { radius: NEAR, interactive: false, className: "map-circle" };
    L.circle(site.position, style).addTo(map);
  }
  for (const start of points.filter((site) => site.role === "launch")) {
    for (const end of points.filter((site) => site.role === "impact")) {
      const style = { className: "flight", interactive: false };
      L.polyline([start.position, end.position], style).addTo(map);
    }
  }
  const names = points.map((site) => make("span", { class: "map-label", dir: "auto" }, site.name));
  points.forEach((site, number) => {
    const button = drawSite(site, panel);
    button.append(names[number]);
    addMarker(map, site.position, button);
  });
  const areas = sites.filter((site) => site.kind === "area");
  const labels = areas.map((site, number) => {
    return { key: number, position: site.position, text: `${site.name}: ${site.placeName}`, site };
  });
  const markers = new Markers(map);
  const update = () => {
    const marks = points.map(({ position, name }) => ({ position, text: name }));
    const { sides, boxes } = findSides(map, marks);
    sides.forEach((side, number) => {
      names[number].dataset.side = side;
    });
    const room = findRoom(map, labels, marks, boxes);
    const wanted = room.map(({ key, position, site }) => {
      return [key, { position, draw: () => drawArea(site, panel) }];
    });
    markers.show(new Map(wanted));
  };
  map.on("moveend", update);
  update();
}

function drawSite(site, panel) {
  const kind = site.kind === "area" ? "area" : `single ${site.kind}`;
  const button = makeButton(kind, "", site.name, ...site.details);
  button.addEventListener("click", () => panel.show(button, site.name, [site]));
  return button;
}

function drawArea(site, panel) {
  const button = drawSite(site, panel);
  button.append(`${site.name}: `, make("bdi", {}, site.placeName));
  button.setAttribute("aria-label", [`${site.name}: ${site.placeName}`, ...site.details].join(", "));
  return button;
}
