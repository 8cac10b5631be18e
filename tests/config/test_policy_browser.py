"""Pages of every kind in a browser: none breaks the Content-Security-Policy."""

from typing import Any

from django.db.models import Model
from django.urls import reverse

from actors.models import Actor, Affiliation
from editorial.models import Submission, User
from incidents.models import Incident
from publishing.models import Edition
from tests.curation.admin_client import AdminClient, address
from tests.live import Live


def test_no_page_breaks_the_policy(
    browser: Any, bare: None, live: Live, one_of_each: dict[type[Model], Model]
) -> None:
    root = User.objects.create(username="root", is_staff=True, is_superuser=True)
    context = browser.new_context(base_url=live.url)
    session = AdminClient(root).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live.url}])
    context.set_default_timeout(60_000)
    page, errors = context.new_page(), list[str]()  # of the console
    page.on("console", lambda m: errors.append(m.text) if "Security Policy" in m.text else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    rows = {model: one_of_each[model] for model in (Actor, Affiliation, Incident, Submission)}
    pages = ["/", "/nothing", "/admin/", "/api/v1/actors", "/api/v1/docs/problems/not-found"]
    pages += [address(row) for row in rows.values()]
    pages += [address(model, name) for model in rows for name in ("changelist",)]
    pages += [address(model, "add") for model in (Actor, Affiliation, Incident, User)]
    pages += [address(rows[Actor], name) for name in ("history", "preview", "submit", "remove")]
    pages += [address(rows[Actor], name) for name in ("redact", "withdraw", "delete")]
    pages += [address(Actor, "add") + "?_popup=1", reverse("admin:password_change")]
    for path in pages:
        page.goto(path, wait_until="networkidle")
        assert errors == [], path
    page.goto(address(Affiliation, "add"))
    page.locator(".field-subject .select2-selection").click()
    page.locator(".select2-results__option").first.wait_for()
    page.goto("/api/v1/docs/operations/actors_list", wait_until="networkidle")
    page.get_by_role("button", name="Send").click()
    page.locator("#status", has_text="200").wait_for()
    cookies = {cookie["name"] for cookie in context.cookies()}
    context.close()
    assert errors == []
    assert cookies <= {"sessionid", "csrftoken", "muster_zone"}


def test_a_page_of_another_origin_looks_up_records(
    browser: Any, bare: None, live: Live, kataib: Actor, publish: Any
) -> None:
    publish(kataib)
    context = browser.new_context(bypass_csp=True)  # of the page, not of the API
    page = context.new_page()
    page.goto(live.url.replace("127.0.0.1", "localhost") + "/healthz")
    answer = page.evaluate(
        """async address => {
          const response = await fetch(address, {
            method: "POST",
            headers: { "Content-Type": "application/json", "Cache-Control": "no-cache" },
            body: JSON.stringify({ ids: ["kataib"] }),
          });
          const names = (await response.json()).results.map(actor => actor.name);
          return [names, response.headers.get("Muster-Snapshot")];
        }""",
        f"{live.url}/api/v1/actors/lookup",
    )
    refused = page.evaluate(
        """address => fetch(address, {
          method: "POST", headers: { "Content-Type": "application/json" }, body: "{}",
        }).then(() => "allowed", () => "refused")""",
        f"{live.url}/admin/",
    )
    context.close()
    assert answer == [["Kataib Hezbollah"], str(Edition.objects.newest_snapshot())]
    assert refused == "refused"
