/* Unsaved changes: a warning before they are left, and a copy in this tab that outlives the session.

   The copy is kept in sessionStorage by person and address. It is removed once the server says
   that the form was saved, at sign-out (in all tabs), and as soon as somebody else is signed in.
   Restoring sends it to the server, which shows the form again with it and saves nothing: so added
   rows and picked names come back as after an error, and others' changes are found. */
"use strict";
(() => {
  const COPIES = "muster:unsaved:";
  const SIGNED_OUT = "muster:signed-out";
  const user = document.querySelector('meta[name="muster-user"]')?.content ?? "";
  // A window that another opened (to add a place, say) begins with a copy of its storage: what
  // is kept there for the same address is not its own.
  const own = `${COPIES}${user}:${location.pathname}${window.name && `#${window.name}`}`;
  const state = document.querySelector('input[name="form_state"]');
  const form = state?.form;
  let unchanged = null; // what the form says when nothing is typed
  let offered = null; // a copy that waits to be restored or discarded
  let leaving = false;
  let waiting;

  const copies = () => Object.keys(sessionStorage).filter((key) => key.startsWith(COPIES));
  const forgetAll = () => copies().forEach((key) => sessionStorage.removeItem(key));
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);

  /* Drop what was saved, what was typed before a sign-out, and what is another person's. */
  function tidy() {
    const saved = cookie("saved_form");
    const ended = Number(localStorage.getItem(SIGNED_OUT) ?? 0);
    for (const key of copies()) {
      const { token, at } = JSON.parse(sessionStorage.getItem(key));
      const others = user && !key.startsWith(`${COPIES}${user}:`);
      if (others || at <= ended || token === saved) sessionStorage.removeItem(key);
    }
  }

  function entries() {
    const secret = [...form.querySelectorAll('input[type="password"]')].map((field) => field.name);
    const left = ["csrfmiddlewaretoken", ...secret];
    return [...new FormData(form)].filter(
      ([name, value]) =>
        !left.includes(name) && !name.includes("__prefix__") && typeof value === "string"
    );
  }
  const typed = () => JSON.stringify(entries().filter(([name]) => name !== "form_state"));
  const dirty = () => Boolean(form) && unchanged !== null && typed() !== unchanged;

  function copy() {
    clearTimeout(waiting);
    if (dirty()) {
      const token = state.dataset.token;
      const kept = { token, at: Date.now(), title: document.title, sent: entries() };
      try {
        sessionStorage.setItem(own, JSON.stringify(kept));
      } catch {
        sessionStorage.removeItem(own); // there is no room: better none than an old one
      }
    } else if (!offered) {
      sessionStorage.removeItem(own);
    }
  }

  function copySoon() {
    clearTimeout(waiting);
    waiting = setTimeout(copy, 300);
  }

  function restore(address, kept) {
    const again = document.createElement("form");
    const csrf = document.querySelector('input[name="csrfmiddlewaretoken"]').value;
    again.method = "post";
    again.action = address;
    again.hidden = true;
    for (const [name, value] of [...kept.sent, ["csrfmiddlewaretoken", csrf], ["_restore", "1"]]) {
      const field = document.createElement("input");
      [field.type, field.name, field.value] = ["hidden", name, value];
      again.append(field);
    }
    document.body.append(again);
    leaving = true;
    again.submit();
  }

  function offer(key) {
    const kept = JSON.parse(sessionStorage.getItem(key));
    const address = key.slice(`${COPIES}${user}:`.length);
    const here = key === own;
    const arrived = performance.getEntriesByType("navigation")[0]?.type;
    if (here && form && arrived === "back_forward") {
      restore(location.pathname + location.search, kept);
      return;
    }
    if (here) offered = kept;
    const notice = document.createElement("div");
    notice.className = "unsaved";
    const time = new Date(kept.at).toTimeString().slice(0, 5);
    const words = document.createElement("span");
    words.textContent = `Your unsaved changes of ${time} are here${here ? ". " : ": "}`;
    const title = document.createElement("bdi");
    title.textContent = here ? "" : `${kept.title} `;
    const acts = {
      Restore: () => restore(here ? location.pathname + location.search : address, kept),
      Discard: () => {
        offered = null;
        sessionStorage.removeItem(key);
        notice.remove();
        if (here && form) copy();
      },
    };
    notice.append(words, title);
    for (const [label, act] of Object.entries(acts)) {
      const button = document.createElement("button");
      [button.type, button.className, button.textContent] = ["button", "button", label];
      button.addEventListener("click", act);
      notice.append(button, " ");
    }
    document.getElementById("content-main")?.before(notice);
  }

  function watch() {
    // The browser would fill in old values by itself on Back, but no added rows.
    form.autocomplete = "off";
    for (const kind of ["input", "change", "formset:added", "formset:removed"]) {
      document.addEventListener(kind, copySoon);
    }
    // What is picked in a list that can be searched is announced by jQuery alone.
    window.django?.jQuery?.(document).on("change", copySoon);
    window.addEventListener("pagehide", () => leaving || copy());
    document.addEventListener("visibilitychange", () => document.hidden && copy());
    window.addEventListener("beforeunload", (event) => {
      if (leaving || !dirty()) return;
      copy();
      event.preventDefault();
    });
    if ("unsaved" in state.dataset) {
      // It was sent and is shown again. Back and Reload then ask for the page, not to send it.
      history.replaceState(null, "", location.href);
      unchanged = "";
      copy();
    } else {
      unchanged = typed();
    }
  }

  /* A form is sent once; what fails to arrive can be sent again after some seconds. */
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
      forgetAll();
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
    tidy();
  });
  window.addEventListener("storage", (event) => event.key === SIGNED_OUT && forgetAll());

  tidy();
  // After the scripts of the inlines and of the pickers have drawn them.
  const begin = () =>
    setTimeout(() => {
      if (form) watch();
      if (!user || (state && "unsaved" in state.dataset)) return;
      const mine = copies().filter((key) => key.startsWith(`${COPIES}${user}:`));
      const age = (key) => -JSON.parse(sessionStorage.getItem(key)).at;
      mine.sort((one, other) => age(one) - age(other)); // storage has no order of its own
      mine.filter((key) => !form || key === own).forEach(offer);
    });
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
})();
