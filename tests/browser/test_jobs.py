"""Jobs in a real browser: an open page follows the work, and without scripts it is reloaded."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Opener, Site
from tests.browser.test_accessibility import findings_in_all_looks
from tracker.db import now, writing
from tracker.models import Job, LinkCheck, Source, User
from tracker.models.job import JobState

COPY = "https://archive.example/web/20251228/page"


def ask(site: Site) -> int:
    with writing(), site.session() as session:
        ed = User.find(session, "ed@example.org")
        assert ed is not None
        job = Job.add(session, "archive", {"source": 1}, by=ed)
        session.commit()
        return job.id


def move(site: Site, id_: int, state: JobState, done: int) -> None:
    with writing(), site.session() as session:
        job = session.get_one(Job, id_)
        job.state, job.done, job.total, job.tries, job.started_at = state, done, 475, 1, now()
        if state is JobState.DONE:
            job.finish({"address": COPY})
        elif state is JobState.FAILED:
            job.fail("The archive answered 503.")
        session.commit()


def test_an_open_page_follows_the_work_to_its_end(open_page: Opener, site: Site) -> None:
    id_ = ask(site)
    page = open_page(f"/jobs/{id_}", as_="ed")
    job = page.locator("#job")
    expect(job).to_contain_text("Waiting")
    page.get_by_role("link", name="Reload").focus()
    move(site, id_, JobState.RUNNING, 12)
    expect(job).to_contain_text("12 of 475")
    expect(job.get_by_role("progressbar")).to_have_attribute("value", "12")
    move(site, id_, JobState.DONE, 475)
    expect(page.locator("#flash")).to_contain_text(f"Job {id_}: done.")
    expect(job.get_by_role("link", name=COPY)).to_be_visible()
    expect(page.get_by_role("link", name="Reload")).to_be_focused()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert asked == []


def test_without_scripts_the_page_is_reloaded_by_a_link(open_page: Opener, site: Site) -> None:
    id_ = ask(site)
    page = open_page(f"/jobs/{id_}", as_="ed", scripts=False)
    expect(page.locator("#job")).to_contain_text("Waiting")
    move(site, id_, JobState.FAILED, 3)
    page.get_by_role("link", name="Reload").click()
    expect(page.locator("#job")).to_contain_text("The archive answered 503.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#flash")).to_contain_text("The job waits to be done again.")
    expect(page.locator("#job")).to_contain_text("Waiting")


def test_axe_finds_nothing_on_jobs_and_dead_links(open_page: Opener, site: Site) -> None:
    ids = [ask(site) for _ in range(3)]
    for id_, state in zip(ids[1:], (JobState.RUNNING, JobState.FAILED), strict=True):
        move(site, id_, state, 12)
    with writing(), site.session() as session:
        url = session.get_one(Source, 1).url
        check = LinkCheck(source_id=1, url=url, checked_at=now(), status=404, failures=3)
        check.reason = "The site has no such page."
        session.add(check)
        session.commit()
    found: dict[str, list[str]] = {}
    page = open_page("/jobs", as_="ed")
    for address in ("/jobs", *(f"/jobs/{id_}" for id_ in ids), "/sources?link=dead", "/sources/1"):
        page.goto(address)
        found |= findings_in_all_looks(page)
    assert found == {}
