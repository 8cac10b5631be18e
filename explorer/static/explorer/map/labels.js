/* The names of countries, in the language of the page. */

/* The larger a country is on the screen, the sooner it has its name: in pixels. */
const WIDEST = 55;

export function showLabels(map, labels, words) {
  const names = words.get("countries");
  const pane = map.createPane("labels");
  const shown = new Map();
  const update = () => {
    const scale = 256 * 2 ** map.getZoom() / 360;
    const bounds = map.getBounds();
    for (const [code, longitude, latitude, width] of labels.filter(([key]) => key in names)) {
      const position = [latitude, longitude];
      const fits = width * scale > WIDEST && bounds.contains(position);
      if (fits && !shown.has(code)) {
        const name = document.createElement("span");
        name.append(names[code]);
        name.dir = "auto";
        name.className = "map-country";
        const icon = L.divIcon({ html: name, className: "map-spot", iconSize: [0, 0] });
        const options = { icon, pane: "labels", keyboard: false, interactive: false };
        shown.set(code, L.marker(position, options).addTo(map));
      } else if (!fits && shown.has(code)) {
        shown.get(code).remove();
        shown.delete(code);
      }
    }
  };
  pane.ariaHidden = "true";
  map.on("moveend", update);
  update();
}
