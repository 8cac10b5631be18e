/* The libraries of maps, which set global names, and the file of land and boundaries. */

const folder = new URL("../", import.meta.url);

export async function loadLibraries() {
  await Promise.all([
    import("../vendor/leaflet-1.9.4.js"),
    import("../vendor/supercluster-9.1.0.js"),
    import("../vendor/topojson-client-3.1.0.js"),
    loadStyle("vendor/leaflet-1.9.4.css"),
  ]);
}

export const loadBorders = () => loadFile("borders.json");

/* The invented island of the demo, as GeoJSON. */
export const loadIsland = () => loadFile("island.json");

async function loadFile(name) {
  const answer = await fetch(new URL(name, folder));
  return answer.json();
}

/* The style of the library comes first, so that map.css can change it. */
function loadStyle(name) {
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(name, folder);
    link.onload = resolve;
    link.onerror = reject;
    document.head.prepend(link);
  });
}
