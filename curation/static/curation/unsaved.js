/* Unsaved changes: a warning before the page is left, and a copy in this tab.

   The copy is in sessionStorage, by user and address. It is removed when the server says that the
   form was saved, at sign-out (in all tabs), and when another user signs in. Restoring sends the
   copy to the server, which shows the form again without saving it. So added rows and chosen records
   come back as after an error, and the changes of others are found.

   The server keeps a copy as well, a few seconds after each change, which outlives the tab. The same
   requests say that the form is open, so that others see who works on the record. */
"use strict";
(() => {
  const COPIES = "muster:unsaved:";
  const SIGNED_OUT = "muster:signed-out";
  const person = document.querySelector('meta[name="muster-user"]');
  const user = person?.content ?? "";
  // A popup, for example to add a place, starts with a copy of the storage of its opener. Its name
  // is part of the key, so that it does not take the copy of the same address for its own.
  const ownKey = `${COPIES}${user}:${location.pathname}${window.name && `#${window.name}`}`;
  const state = document.querySelector('input[name="form_state"]');
  const form = state?.form;
  let original = null; // the values of the form before any change
  let offered = null; // a copy that can be restored or discarded
  let leaving = false;
  let timer;
  const KEEP_AFTER = 2000; // milliseconds after the last change
  const KEEP_LATEST = 15000; // and after the first one
  const BEAT = 60000; // between two reports that the form is still open
  const openForm = form?.elements.open_form; // the key and the revision of what the server keeps
  let kept = ""; // what the server keeps
  let keepTimer;
  let changedAt = 0;
  let keeping = false;

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
  const current = () =>
    JSON.stringify(entries().filter(([name]) => !["form_state", "open_form"].includes(name)));
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
    keepSoon();
  }

  /* A line above the form, which is shown once and can change its text. */
  function say(text, link) {
    let notice = document.querySelector(".kept");
    if (!notice) {
      notice = document.createElement("p");
      notice.className = "kept";
      notice.setAttribute("role", "status");
      document.getElementById("content-main")?.before(notice);
    }
    notice.replaceChildren(text);
    notice.hidden = !text;
    if (!link) return;
    const anchor = document.createElement("a");
    [anchor.href, anchor.textContent] = [link.href, link.text];
    anchor.addEventListener("click", () => {
      copy();
      leaving = true;
    });
    notice.append(" ", anchor);
  }

  function showOthers(others) {
    const line = document.querySelector(".others");
    if (!line) return;
    line.replaceChildren(
      ...others.map(({ name, since }) => {
        const text = document.createElement("span");
        const who = document.createElement("bdi");
        who.textContent = name;
        const time = new Date(since).toTimeString().slice(0, 5);
        text.append(who, ` has had this open since ${time}. `);
        return text;
      })
    );
    line.hidden = others.length === 0;
  }

  /* What is sent to the server: all of the form if it has changed, else only that it is open. */
  function report(whole) {
    const data = new FormData();
    const csrf = form.elements.csrfmiddlewaretoken.value;
    data.append("csrfmiddlewaretoken", csrf);
    data.append("open_form", openForm.value);
    data.append("subject", state.dataset.subject);
    const typed = current();
    const isNew = hasChanges() ? typed !== kept : Boolean(kept);
    if (whole || isNew) data.append("form_state", state.value);
    if (isNew) data.append("sent", hasChanges() ? typed : "[]");
    return { data, typed: hasChanges() ? typed : "" };
  }

  async function keep(whole = false) {
    clearTimeout(keepTimer);
    changedAt = 0;
    if (keeping || leaving) return;
    keeping = true;
    const { data, typed } = report(whole);
    try {
      const response = await fetch(state.dataset.keep, { method: "POST", body: data });
      const isJSON = response.headers.get("Content-Type")?.startsWith("application/json");
      if (response.redirected || response.status === 403) {
        const link = { href: location.href, text: "Sign in again" };
        say("You are signed out. What you typed is kept in this window.", link);
      } else if (!isJSON) {
        say("The server does not answer. What you typed is kept in this window.");
      } else {
        take(await response.json(), data.has("form_state"), data.has("sent"), typed);
      }
    } catch {
      say("The server does not answer. What you typed is kept in this window.");
    }
    keeping = false;
    if (hasChanges() && current() !== typed) keepSoon();
  }

  function take(answer, wasWhole, wasSent, typed) {
    if (answer.error) return say(answer.error);
    if (answer.redacted) {
      return say(
        "Something was redacted since you opened this form. What you type is kept only in this " +
          "window until you save it."
      );
    }
    say("");
    if (answer.saved) return;
    openForm.value = answer.open_form;
    if (wasSent) kept = typed;
    showOthers(answer.others);
    // The server does not know the form any more: send all of it.
    if (!answer.open_form && !wasWhole) {
      kept = "";
      if (hasChanges() || isStored()) setTimeout(() => keep(true));
    }
  }

  function keepSoon() {
    if (!openForm) return;
    const now = Date.now();
    changedAt ||= now;
    clearTimeout(keepTimer);
    keepTimer = setTimeout(keep, Math.max(0, Math.min(KEEP_AFTER, changedAt + KEEP_LATEST - now)));
  }

  const isStored = () => !state.dataset.subject.endsWith(":add");

  function keepOpen() {
    if (!openForm) return;
    if (isStored() || hasChanges()) keep(true);
    setInterval(() => (isStored() || openForm.value) && keep(), BEAT);
  }

  /* The page is closed, or left by a link. */
  function leave() {
    if (leaving || !openForm || !(openForm.value || hasChanges())) return;
    const { data } = report(false);
    data.append("left", "1");
    navigator.sendBeacon(state.dataset.keep, data);
  }

  function discardKept(key) {
    if (!key) return;
    const data = new FormData();
    const csrf = document.querySelector('input[name="csrfmiddlewaretoken"]').value;
    data.append("csrfmiddlewaretoken", csrf);
    data.append("_unsaved", key.split(".")[0]);
    fetch(person.dataset.discard, { method: "POST", body: data, redirect: "manual" });
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
    // The server keeps the same text, but this copy is the newest.
    const { token, at, sent } = saved;
    for (const bar of document.querySelectorAll(`form.unsaved[data-token="${CSS.escape(token)}"]`)) {
      if (Number(bar.dataset.at) * 1000 <= at + 20000) bar.remove();
    }
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
        discardKept(Object.fromEntries(sent).open_form);
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
    window.addEventListener("pagehide", () => {
      if (leaving) return;
      copy();
      leave();
    });
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
    keepOpen();
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

  // The server shows times in the zone of the browser.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (user && zone && cookie("muster_zone") !== zone) {
    document.cookie = `muster_zone=${zone}; path=/admin/; max-age=31536000; samesite=strict`;
  }

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
