// Shows the progress of a job: reads its page again every second, until the job has ended.
"use strict";

(() => {
  const pause = 1000;

  const update = async () => {
    const job = document.getElementById("job");
    if (!job || !("poll" in job.dataset)) return;
    if (!document.hidden) {
      try {
        const answer = await fetch(location.pathname, { credentials: "same-origin" });
        if (answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("job");
        if (!answer.ok || !fresh) return;
        if (fresh.innerHTML !== job.innerHTML) job.replaceWith(document.adoptNode(fresh));
        if (!("poll" in fresh.dataset)) {
          for (const button of document.querySelectorAll(".action-cancel")) button.closest("li").remove();
          return;
        }
      } catch {
        // The server does not answer for a moment: the page tries again.
      }
    }
    setTimeout(update, pause);
  };

  document.addEventListener("DOMContentLoaded", () => setTimeout(update, pause));
})();
