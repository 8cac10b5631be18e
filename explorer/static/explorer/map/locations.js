/* The locations of one incident: where something was launched, where it struck, and how precisely
   that is known. */

import { make } from "./elements.js";
import { addMarker, makeButton } from "./markers.js";

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
  for (const site of sites) {
    const kind = site.kind === "area" ? "area" : `single ${site.kind}`;
    const button = makeButton(kind, "", site.name, ...site.details);
    if (site.kind === "area") button.append(`${site.name}: `, make("bdi", {}, site.placeName));
    else button.append(make("span", { class: "map-label", dir: "auto" }, site.name));
    button.addEventListener("click", () => panel.show(button, site.name, [site]));
    addMarker(map, site.position, button);
  }
}
