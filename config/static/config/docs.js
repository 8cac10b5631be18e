/* The page of an operation: find parameters, send a request, and show the answer. */
const MOST = 100_000; // characters of an answer that are shown
const form = document.getElementById("try");
const send = document.getElementById("send");
const byId = (id) => document.getElementById(id);

function makeAddress() {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  for (const field of form.querySelectorAll("[data-in]")) {
    const values = field.multiple
      ? Array.from(field.selectedOptions, (option) => option.value)
      : [field.value];
    for (const value of values.filter((value) => value !== "")) {
      if (field.dataset.in === "path") path = path.replace(`{${field.name}}`, encodeURIComponent(value));
      else query.append(field.name, value);
    }
  }
  return path + (query.size ? `?${query}` : "");
}

async function readSome(response) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader && text.length < MOST) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return `${text.slice(0, MOST)}\n…`;
}

function indent(text, type) {
  if (!type?.includes("json") || type.includes("ndjson") || text.endsWith("…")) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

async function execute(event) {
  event.preventDefault();
  const address = makeAddress();
  const options = { method: form.dataset.method, headers: { Accept: "application/json" } };
  if (byId("v-body")) {
    options.body = byId("v-body").value;
    options.headers["Content-Type"] = "application/json";
  }
  send.disabled = true;
  byId("status").textContent = "…";
  byId("answer").hidden = false;
  try {
    const response = await fetch(address, options);
    const type = response.headers.get("Content-Type");
    const text = indent(await readSome(response), type);
    byId("content").textContent = text;
    byId("headers").textContent = ["Content-Type", "Muster-Snapshot", "Muster-Count", "ETag"]
      .filter((name) => response.headers.has(name))
      .map((name) => `${name}: ${response.headers.get(name)}`)
      .join(" · ");
    byId("status").textContent = `${response.status} ${response.statusText}`.trim();
  } catch (error) {
    byId("content").textContent = String(error);
    byId("status").textContent = "No answer";
  }
  send.disabled = false;
}

function showRequest() {
  const address = location.origin + makeAddress();
  const link = document.createElement("a");
  link.href = address;
  link.textContent = address;
  byId("request").replaceChildren(form.dataset.method === "GET" ? link : address);
}

function filter() {
  const words = byId("filter-words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const group of form.querySelectorAll("fieldset")) {
    let some = false;
    for (const row of group.querySelectorAll(".parameter")) {
      const text = `${row.id} ${row.textContent}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) some = ++count > 0;
    }
    group.hidden = !some;
  }
  byId("filter-count").textContent = words.length ? `${count} found` : "";
}

send.hidden = false;
form.addEventListener("submit", execute);
form.addEventListener("input", showRequest);
showRequest();
if (byId("filter")) {
  byId("filter").hidden = false;
  byId("filter-words").addEventListener("input", filter);
  byId("filter-words").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
