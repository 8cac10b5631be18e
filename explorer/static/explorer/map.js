/* Replaces the picture of a map by a map to move in, once a reader comes near it. */

const figure = document.querySelector("figure.map");

async function start() {
  const { open } = await import("./map/open.js");
  await open(figure);
}

if (figure) {
  const observer = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        observer.disconnect();
        start();
      }
    },
    { rootMargin: "300px" },
  );
  observer.observe(figure);
}
