/* Keys of every page: "/" searches, "?" shows the keys of the page. */
"use strict";
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable], .select2");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const search = document.querySelector("#searchbar, #nav-filter");
  const keys = document.querySelector("details.keys");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
  } else if (event.key === "?" && keys) {
    keys.open = !keys.open;
    keys.querySelector("summary").focus();
  }
});
