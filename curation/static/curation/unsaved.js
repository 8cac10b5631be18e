/* Unsaved changes: a warning before the page is left, and a copy in this tab.

   The copy is in sessionStorage, by user and address. It is removed when the server says that the
   form was saved, at sign-out (in all tabs), and when another user signs in. Restoring sends the
   copy to the server, which shows the form again without saving it. So added rows and chosen records
   come back as after an error, and the changes of others are found. */
"use strict";
(() => {
  const COPIES = "muster:unsaved:";
  const SIGNED_OUT = "muster:signed-out";
  const user = document.querySelector('meta[name="muster-user"]')?.content ?? "";
  // A popup, for example to add a place, starts with a copy of the storage of its opener. Its name
  // is part of the key, so that it does not take the copy of the same address for its own.
  const ownKey = `${COPIES}${user}:${location.pathname}${window.name && `#${window.name}`}`;
  const state = document.querySelector('input[name="form_state"]');
  const form = state?.form;
  let original = null; // the values of the form before any change
  let offered = null; // a copy that can be restored or discarded
  let leaving = false;
  let timer;

  const copies = () => Object.keys(sessionStorage).filter((key) => key.startsWith(COPIES));
  const removeAll = () => copies().forEach((key) => sessionStorage.removeItem(key));
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

  /* Remove copies that were saved, that are older than a sign-out, or that belong to another user. */
  function cleanUp() {
    const saved = cookie("saved_form");
    const ended = Number(localStorage.getItem(SIGNED_OUT) ?? 0);
    for (const key of copies()) {
      const { token, at } = JSON.parse(sessionStorage.getItem(key));
      const others = user && !key.startsWith(`${COPIES}${user}:`);
      if (others || at <= ended || token === saved) sessionStorage.removeItem(key);
    }
  }

  function entries() {
    const passwords = [...form.querySelectorAll('input[type="password"]')].map((field) => field.name);
    const excluded = ["csrfmiddlewaretoken", ...passwords];
    return [...new FormData(form)].filter(
      ([name, value]) =>
        !excluded.includes(name) && !name.includes("__prefix__") && typeof value === "string"
    );
  }
  const current = () => JSON.stringify(entries().filter(([name]) => name !== "form_state"));
  const hasChanges = () => Boolean(form) && original !== null && current() !== original;

  function copy() {
    clearTimeout(timer);
    if (hasChanges()) {
      const token = state.dataset.token;
      const saved = { token, at: Date.now(), title: document.title, sent: entries() };
      try {
        sessionStorage.setItem(ownKey, JSON.stringify(saved));
      } catch {
        sessionStorage.removeItem(ownKey); // the storage is full: no copy is better than an old one
      }
    } else if (!offered) {
      sessionStorage.removeItem(ownKey);
    }
  }

  function copySoon() {
    clearTimeout(timer);
    timer = setTimeout(copy, 300);
  }

  function restore(address, saved) {
    const copyForm = document.createElement("form");
    const csrf = document.querySelector('input[name="csrfmiddlewaretoken"]').value;
    copyForm.method = "post";
    copyForm.action = address;
    copyForm.hidden = true;
    for (const [name, value] of [...saved.sent, ["csrfmiddlewaretoken", csrf], ["_restore", "1"]]) {
      const field = document.createElement("input");
      [field.type, field.name, field.value] = ["hidden", name, value];
      copyForm.append(field);
    }
    document.body.append(copyForm);
    leaving = true;
    copyForm.submit();
  }

  function offer(key) {
    const saved = JSON.parse(sessionStorage.getItem(key));
    const address = key.slice(`${COPIES}${user}:`.length);
    const isHere = key === ownKey;
    const navigation = performance.getEntriesByType("navigation")[0]?.type;
    if (isHere && form && navigation === "back_forward") {
      restore(location.pathname + location.search, saved);
      return;
    }
    if (isHere) offered = saved;
    const notice = document.createElement("div");
    notice.className = "unsaved";
    const time = new Date(saved.at).toTimeString().slice(0, 5);
    const text = document.createElement("span");
    text.textContent = `You have unsaved changes from ${time}${isHere ? ". " : ": "}`;
    const title = document.createElement("bdi");
    title.textContent = isHere ? "" : `${saved.title} `;
    const choices = {
      Restore: () => restore(isHere ? location.pathname + location.search : address, saved),
      Discard: () => {
        offered = null;
        sessionStorage.removeItem(key);
        notice.remove();
        if (isHere && form) copy();
      },
    };
    notice.append(text, title);
    for (const [label, choose] of Object.entries(choices)) {
      const button = document.createElement("button");
      [button.type, button.className, button.textContent] = ["button", "button", label];
      button.addEventListener("click", choose);
      notice.append(button, " ");
    }
    document.getElementById("content-main")?.before(notice);
  }

  function watch() {
    // On Back, the browser would fill in old values, but not the added rows.
    form.autocomplete = "off";
    for (const kind of ["input", "change", "formset:added", "formset:removed"]) {
      document.addEventListener(kind, copySoon);
    }
    // The search fields announce a change only through jQuery.
    window.django?.jQuery?.(document).on("change", copySoon);
    window.addEventListener("pagehide", () => leaving || copy());
    document.addEventListener("visibilitychange", () => document.hidden && copy());
    window.addEventListener("beforeunload", (event) => {
      if (leaving || !hasChanges()) return;
      copy();
      event.preventDefault();
    });
    if ("unsaved" in state.dataset) {
      // The form was sent and is shown again. Back and Reload must load the page, not send the form.
      history.replaceState(null, "", location.href);
      original = "";
      copy();
    } else {
      original = current();
    }
  }

  /* A form is sent only once; if it does not arrive, it can be sent again after some seconds. */
  const sending = new Set();
  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (event.defaultPrevented || sent.method !== "post") return;
    if (sending.has(sent)) {
      event.preventDefault();
      return;
    }
    sending.add(sent);
    if (sent === form) {
      copy();
      leaving = true;
    }
    if (sent.id === "logout-form") {
      removeAll();
      localStorage.setItem(SIGNED_OUT, Date.now());
    }
    setTimeout(() => {
      sending.delete(sent);
      leaving = false;
    }, 8000);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sending.clear();
    leaving = false;
    cleanUp();
  });
  window.addEventListener("storage", (event) => event.key === SIGNED_OUT && removeAll());

  cleanUp();
  // After the scripts of the inlines and of the search fields.
  const begin = () =>
    setTimeout(() => {
      if (form) watch();
      if (!user || (state && "unsaved" in state.dataset)) return;
      const keys = copies().filter((key) => key.startsWith(`${COPIES}${user}:`));
      const age = (key) => -JSON.parse(sessionStorage.getItem(key)).at;
      keys.sort((a, b) => age(a) - age(b)); // newest first: the storage has no order
      keys.filter((key) => !form || key === ownKey).forEach(offer);
    });
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
})();
