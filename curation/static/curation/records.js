/* The search for a related record: it offers to make a new one, and opens when one types.

   A new record is sent as `new:KIND:NAME`; the server makes it in the same save. What was new in one
   field is offered in the others of the page too. */
"use strict";
(() => {
  const $ = django.jQuery;
  const made = new Map(); // the new records of this page, by their value: the name

  function start() {
    const element = this;
    if (element.classList.contains("select2-hidden-accessible")) return;
    $(element).select2({
      ajax: {
        data: (params) => ({
          term: params.term,
          page: params.page,
          app_label: element.dataset.appLabel,
          model_name: element.dataset.modelName,
          field_name: element.dataset.fieldName,
          new: "1",
        }),
        processResults: (data, params) => {
          const term = (params.term ?? "").trim().toLowerCase();
          const offered = new Set(data.results.map((result) => result.id));
          // The kinds that this search offers to make: only those of the same model are listed again.
          const kinds = new Set(
            [...offered].filter((id) => id.startsWith("new:")).map((id) => id.split(":")[1])
          );
          const own = [...made.entries()]
            .filter(([id, name]) => term && kinds.has(id.split(":")[1]) && name.toLowerCase().includes(term))
            .map(([id, name]) => ({ id, text: `${name} (new)` }));
          const ids = new Set(own.map((option) => option.id));
          data.results = [...own, ...data.results.filter((result) => !ids.has(result.id))];
          return data;
        },
      },
    });
    const label = element.labels[0]?.textContent.trim();
    const selection = $(element).data("select2")?.$selection[0];
    if (label && selection) selection.setAttribute("aria-label", label);
    $(element).on("select2:select", (event) => {
      const { id } = event.params.data;
      if (id.startsWith("new:")) {
        const name = id.split(":").slice(2).join(":");
        made.set(id, name);
        element.selectedOptions[0].text = selection.querySelector(".select2-selection__rendered").title = `${name} (new)`;
        $(element).trigger("change.select2");
      }
      element.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // Django calls this when the page is ready, after this script, and for each row that is added.
  $.fn.djangoAdminSelect2 = function () {
    return this.each(start);
  };
  // A letter opens the search with that letter; Tab takes what is marked.
  document.addEventListener("keydown", (event) => {
    const select = event.target.closest?.(".select2-selection")?.closest(".select2")?.previousElementSibling;
    const isLetter = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!select || !isLetter) return;
    event.preventDefault();
    $(select).select2("open");
    const search = document.querySelector(".select2-container--open .select2-search__field");
    search.focus();
    search.value = event.key;
    $(search).trigger("input");
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || !event.target.matches?.(".select2-search__field")) return;
    const marked = document.querySelector(".select2-results__option--highlighted");
    if (marked && event.target.value.trim()) $(marked).trigger("mouseup");
  }, true);
})();
