// The day slider of a network, and the lines of the actor that is pointed at.
// Without this script the date field and the links to other days do the same.

const DAY = 86_400_000;
let request = null;

const toDay = (text) => Date.parse(`${text}T00:00:00Z`) / DAY;
const toText = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/** Show the network of another day without leaving the page. */
async function show(address, focused) {
  request?.abort();
  request = new AbortController();
  try {
    const answer = await fetch(address, { signal: request.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const view = document.getElementById("network-view");
    const canvas = view.querySelector(".canvas");
    const scrolled = canvas && [canvas.scrollLeft, canvas.scrollTop];
    view.replaceWith(document.adoptNode(page.getElementById("network-view")));
    const next = document.querySelector("#network-view .canvas");
    if (next && scrolled) [next.scrollLeft, next.scrollTop] = scrolled;
    history.replaceState(null, "", address);
    enhance();
    const again = focused && document.querySelector(`#network-view ${focused}`);
    again?.focus({ preventScroll: true });
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

/** Return the address of the network of a day. */
function addressOf(form, day) {
  const address = new URL(form.action);
  const fields = new FormData(form);
  fields.set("at", day);
  address.search = new URLSearchParams(fields);
  return address.href;
}

function enhance() {
  const view = document.getElementById("network-view");
  const form = view.querySelector("form");
  const slider = form.querySelector("input[type=range]");
  if (slider) {
    const first = toDay(slider.dataset.first);
    const written = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: "long",
      timeZone: "UTC",
    });
    const say = () => {
      const day = first + Number(slider.value);
      slider.setAttribute("aria-valuetext", written.format(day * DAY));
      form.elements.at.value = toText(day);
    };
    slider.value = toDay(slider.dataset.day) - first;
    slider.hidden = false;
    slider.setAttribute("aria-valuetext", written.format(toDay(slider.dataset.day) * DAY));
    slider.addEventListener("input", say);
    slider.addEventListener("change", () => {
      show(addressOf(form, form.elements.at.value), "input[type=range]");
    });
  }
  for (const link of view.querySelectorAll("a.step")) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const which = link.querySelector(".back") ? "a.step:has(.back)" : "a.step:not(:has(.back))";
      show(link.href, which);
    });
  }
  const canvas = view.querySelector(".canvas");
  if (!canvas) return;
  const point = (actor) => {
    canvas.classList.toggle("is-pointing", Boolean(actor));
    for (const line of canvas.querySelectorAll(".relation-line")) {
      line.classList.toggle("near", Boolean(actor) && line.dataset.ends.split(" ").includes(actor));
    }
  };
  for (const box of canvas.querySelectorAll("a[data-actor]")) {
    const { actor } = box.dataset;
    box.addEventListener("pointerenter", () => point(actor));
    box.addEventListener("focus", () => point(actor));
    box.addEventListener("pointerleave", () => point(null));
    box.addEventListener("blur", () => point(null));
  }
}

enhance();
