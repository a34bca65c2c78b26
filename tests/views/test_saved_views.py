"""Comparisons under a name: who saves, shares, sees, renames and deletes them, and what is kept."""

import re
from html import escape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.views.conftest import csrf, hidden, keep_view, post
from tests.views.reading import fault, form_on, words
from tests.world import DAY, World
from tracker.db import now, writing
from tracker.models import Proposal, SavedView
from tracker.models.vocabulary import Status, Visibility
from tracker.views.saved_views import kept_query

VIEWS = "/negotiations/TK/saved-views"
COMPARE = "/negotiations/TK/compare"


def views(session: Session) -> list[SavedView]:
    session.rollback()
    return [*session.scalars(select(SavedView).order_by(SavedView.id))]


def test_a_view_is_saved_from_the_comparison_and_leads_back_to_it(
    as_vera: FlaskClient, session: Session
) -> None:
    query = "party=blue&party=red&baseline=2025-12-01"
    html = as_vera.get(f"{COMPARE}?{query}&page=1").text
    assert f'href="{VIEWS}/new?party=blue&amp;party=red&amp;baseline=2025-12-01"' in html
    answer = post(as_vera, f"{VIEWS}/new?{query}", {"name": "Two"}, to=VIEWS)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{COMPARE}?{query}")
    [view] = views(session)
    assert (view.name, view.query, view.is_shared, view.owner.name) == ("Two", query, False, "Vera")
    html = as_vera.get(f"{COMPARE}?{query}").text
    assert f'href="{COMPARE}?{query.replace("&", "&amp;")}" aria-current="true">Two</a>' in html
    assert "The view “Two” was saved." in words(html)


def test_only_what_a_comparison_knows_is_kept(as_vera: FlaskClient, session: Session) -> None:
    assert kept_query("next=//evil.example&party=red&page=3&q=a%26b&as_of=") == "party=red&q=a%26b"
    assert kept_query("https://evil.example/") == ""
    fields = hidden(as_vera, f"{VIEWS}/new")
    for number, query in enumerate(("//evil.example", "https://evil.example/?party=red", "a=b&next=/x")):
        typed = fields | {"name": f"View {number}", "query": query, "form_token": f"t{number}"}
        answer = as_vera.post(VIEWS, data=typed)
        assert answer.headers["Location"] == COMPARE
    assert {view.query for view in views(session)} == {""}


def test_a_name_is_asked_for_and_taken_once(as_vera: FlaskClient, session: Session) -> None:
    address = f"{VIEWS}/new?party=red"
    answer = post(as_vera, address, {"name": " "}, to=VIEWS)
    assert (answer.status_code, fault(answer.text, "name")) == (422, "Error: Give the view a name.")
    assert form_on(answer.text)["query"] == ["party=red"]
    post(as_vera, address, {"name": "Red"}, to=VIEWS)
    answer = post(as_vera, f"{VIEWS}/new?party=blue", {"name": "Red"}, to=VIEWS)
    assert answer.status_code == 422
    assert "You have a view of this name already." in fault(answer.text, "name")
    replaced = post(as_vera, f"{VIEWS}/new?party=blue", {"name": "Red", "replaces": "y"}, to=VIEWS)
    assert replaced.status_code == 303
    assert [(view.name, view.query) for view in views(session)] == [("Red", "party=blue")]


def test_a_view_that_is_too_long_is_refused(as_vera: FlaskClient, session: Session) -> None:
    typed = hidden(as_vera, f"{VIEWS}/new") | {"name": "Long", "query": "q=" + "a" * 4000}
    answer = as_vera.post(VIEWS, data=typed)
    assert answer.status_code == 422
    assert "4000 is the most" in words(answer.text)
    assert views(session) == []


def test_a_long_view_is_gone_to_whole(as_vera: FlaskClient) -> None:
    query = "&".join(f"status={status.value}" for status in [*Status] * 5)
    saved = post(as_vera, f"{VIEWS}/new?{query}", {"name": "Long"}, to=VIEWS)
    assert saved.status_code == 303
    assert f'href="{COMPARE}?{escape(query)}"' in as_vera.get(saved.location).text


@pytest.mark.parametrize("name", ["\u200b", "two\nlines", "\u202eback"])
def test_a_name_is_one_that_can_be_read(as_vera: FlaskClient, session: Session, name: str) -> None:
    assert post(as_vera, f"{VIEWS}/new?party=red", {"name": name}, to=VIEWS).status_code == 422
    assert views(session) == []


def test_editors_share_and_viewers_do_not(as_ed: FlaskClient, as_vera: FlaskClient, session: Session) -> None:
    shared: dict[str, Any] = {"name": "All", "is_shared": "y"}
    assert "is_shared" not in as_vera.get(f"{VIEWS}/new").text
    assert post(as_vera, f"{VIEWS}/new", shared, to=VIEWS).status_code == 422
    assert views(session) == []
    assert post(as_ed, f"{VIEWS}/new?party=red", shared, to=VIEWS).status_code == 303
    for browser in (as_ed, as_vera):
        assert ">All</a>" in browser.get(COMPARE).text
    assert "by Ed" in words(as_vera.get(VIEWS).text)


@pytest.mark.parametrize("is_shared", [False, True])
def test_who_sees_changes_and_deletes_a_view(
    client: FlaskClient,
    as_ann: FlaskClient,
    as_ed: FlaskClient,
    as_vera: FlaskClient,
    world: World,
    session: Session,
    is_shared: bool,
) -> None:
    view = keep_view(world, world.ed, name="Desk", is_shared=is_shared)
    seen = [">Desk</a>" in browser.get(COMPARE).text for browser in (client, as_vera, as_ann, as_ed)]
    assert seen == [is_shared, is_shared, is_shared, True]
    assert seen == [">Desk</a>" in each.get(VIEWS).text for each in (client, as_vera, as_ann, as_ed)]
    others = 403 if is_shared else 404
    for browser, status in ((client, 303), (as_vera, others), (as_ann, others), (as_ed, 200)):
        assert browser.get(f"{VIEWS}/{view.id}/edit").status_code == status
    for browser, status in ((as_vera, others), (as_ann, others)):
        assert browser.post(f"{VIEWS}/{view.id}", data=csrf(browser)).status_code == status
    assert as_vera.post(f"{VIEWS}/{view.id}/delete", data=csrf(as_vera)).status_code == others
    assert client.post(f"{VIEWS}/{view.id}/delete", data=csrf(client)).status_code == 401
    assert [each.name for each in views(session)] == ["Desk"]
    answer = as_ann.post(f"{VIEWS}/{view.id}/delete", data=csrf(as_ann) | {"form_token": "a"})
    assert answer.status_code == (303 if is_shared else 404)
    assert len(views(session)) == (0 if is_shared else 1)


def test_one_s_own_view_is_renamed_shared_and_deleted(
    as_ed: FlaskClient, world: World, session: Session
) -> None:
    view = keep_view(world, world.ed)
    address = f"{VIEWS}/{view.id}"
    answer = post(
        as_ed, f"{address}/edit", {"name": "Ours", "is_shared": "y", "query": "party=med"}, to=address
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, VIEWS)
    [saved] = views(session)
    assert (saved.name, saved.is_shared, saved.query) == ("Ours", True, "party=red")
    stale = hidden(as_ed, f"{address}/edit") | {"base_version": "1", "name": "Late"}
    conflict = as_ed.post(address, data=stale)
    assert conflict.status_code == 409
    assert "Ours" in words(conflict.text)
    answer = as_ed.post(f"{address}/delete", data=hidden(as_ed, VIEWS))
    assert (answer.status_code, answer.headers["Location"]) == (303, VIEWS)
    assert views(session) == []
    assert "The view “Ours” was deleted." in words(as_ed.get(VIEWS).text)


def test_nothing_is_saved_twice_nor_without_the_token(as_vera: FlaskClient, session: Session) -> None:
    typed = hidden(as_vera, f"{VIEWS}/new?party=red") | {"name": "Once"}
    assert [as_vera.post(VIEWS, data=typed).status_code for _ in range(2)] == [303, 303]
    assert len(views(session)) == 1
    assert as_vera.post(VIEWS, data=typed | {"csrf_token": "x"}).status_code == 400


def test_views_of_other_talks_are_not_found(as_vera: FlaskClient, world: World) -> None:
    view = keep_view(world)
    assert as_vera.get(f"/negotiations/XX/saved-views/{view.id}/edit").status_code == 404
    with writing():
        world.talks.visibility = Visibility.RESTRICTED
        world.talks.session.commit()
    for address in (VIEWS, f"{VIEWS}/new", f"{VIEWS}/{view.id}/edit"):
        assert as_vera.get(address).status_code == 404


def test_strangers_are_offered_what_was_shared_by_the_moment_of_publishing(
    client: FlaskClient, world: World
) -> None:
    keep_view(world, world.ed, name="Before", is_shared=True)
    with writing():
        world.talks.publish()
        world.talks.session.commit()
    later = keep_view(world, world.ed, name="After", is_shared=True)
    html = client.get(COMPARE).text
    assert ">Before</a>" in html
    assert ">After</a>" not in html
    assert "Ed" not in words(client.get(VIEWS).text)
    [before] = world.talks.session.scalars(select(SavedView).where(SavedView.name == "Before"))
    with writing():
        before.change({"name": "Renamed"})
        world.talks.session.commit()
    assert later.recorded_at < now()
    assert "Renamed" not in client.get(VIEWS).text  # it was not called so when it was published


def test_strangers_are_not_asked_to_save(client: FlaskClient) -> None:
    assert "saved-views" not in client.get(COMPARE).text
    assert "No view is saved yet" in words(client.get(VIEWS).text)


def test_a_view_s_name_is_escaped(as_vera: FlaskClient, world: World) -> None:
    keep_view(world, name="<b>x</b>", query="q=%3Cb%3E")
    for address in (COMPARE, VIEWS):
        assert "<b>" not in as_vera.get(address).text


def test_what_is_kept_is_said_in_words(as_vera: FlaskClient, world: World) -> None:
    query = (
        "party=blue&party=red&baseline=2025-11-24&as_of=2025-12-03&known_at=2026-01-15&differences=1&swap=1"
        "&sort=latest&status=open&status=none&topic=Territory&issue=TK-2&q=water&fold=med"
    )
    told = words(as_vera.get(f"{VIEWS}/new?{query}").text)
    kept = told.partition("What is kept: ")[2]
    names = world.talks.names
    assert kept.startswith(
        f"{names['blue']}, {names['red']}; members folded into {names['med']}; as of 3 Dec 2025; "
        "as known on 15 Jan 2026; changes since 24 Nov 2025; topic: Territory; status: Open, No status yet; "
        "issues: TK-2; words or key: “water”; order: Latest change; differences only; issues across"
    )
    assert "all parties; as of soon; status: odd" in words(
        as_vera.get(f"{VIEWS}/new?as_of=soon&status=odd").text
    )
    assert "all parties, all issues, as of today" in words(as_vera.get(f"{VIEWS}/new").text)


def test_a_tabled_text_that_is_kept_is_called_by_its_title(as_vera: FlaskClient, world: World) -> None:
    with writing():
        plan = Proposal(negotiation=world.talks, title="The lake plan", tabled_on=DAY)
        plan.recorded_at, plan.recorded_by = world.talks.moment, "Ed"
        world.talks.session.add(plan)
        world.talks.session.commit()
    told = words(as_vera.get(f"{VIEWS}/new?proposal={plan.id}&party=red").text)
    assert f"What is kept: The lake plan, {world.red.label}" in told


def test_only_who_has_a_view_is_offered_to_replace_it(
    as_ed: FlaskClient, as_vera: FlaskClient, world: World
) -> None:
    keep_view(world, world.ed, is_shared=True)
    assert "Replace my view" in as_ed.get(f"{VIEWS}/new").text
    assert "Replace my view" not in as_vera.get(f"{VIEWS}/new").text


def test_deleting_asks_first_and_says_whom_it_concerns(as_ed: FlaskClient, world: World) -> None:
    keep_view(world, world.ed, name="Desk", is_shared=True)
    keep_view(world, world.ed, name="Mine alone")
    html = as_ed.get(VIEWS).text
    shared, own = re.findall(r"<details><summary>Delete.*?</details>", html, re.DOTALL)
    assert "All who see this negotiation are offered “Desk”." in words(shared)
    assert "Deleted, “Mine alone” is gone for good." in words(own)
    assert html.count("/delete") == 2  # and nowhere outside of what has to be opened
