"""Where an entry stands: one address, wherever it is written, and however many came after it."""

import re
from datetime import timedelta

from flask.testing import FlaskClient

from tests.models.acts import claim, withdraw
from tests.views.conftest import post
from tests.world import DAY, QUOTE, World
from tracker.db import writing
from tracker.models import EntryLink
from tracker.models.vocabulary import EntryLinkKind
from tracker.views.addresses import entry_address


def test_a_claim_that_was_made_long_ago_stands_on_the_page_to_which_its_addresses_lead(
    world: World, as_ed: FlaskClient
) -> None:
    line = world.water.position_of(world.red)
    assert line is not None
    with writing():
        first = claim(world, world.red, words="The herons are settled.", citing=[world.cite(QUOTE)])
        gone = claim(world, world.blue, words="The herons are not.")
        for nth in range(1, 61):
            claim(world, world.red, DAY + timedelta(days=nth))
        link = EntryLink(from_entry=line, to_entry=first, kind=EntryLinkKind.CONTRADICTS)
        link.add(world.talks.session, by=world.ed)
        withdraw(world, gone)
        world.talks.session.commit()
    written = {
        "/search?q=herons": {first, gone},
        "/search?q=herons&negotiation=TK&as_of=2025-12-24": {first, gone},
        "/issues/TK-1": {first},
        "/issues/TK-1?as_of=2025-12-24": {first},
        f"/sources/{world.article.id}": {first, gone},
        "/negotiations/TK/changes?since=2025-12-01": {gone},
        "/negotiations/TK/annotations": {first},
        "/negotiations/TK/changes.atom": {gone},
    }
    for page, told in written.items():
        html = as_ed.get(page).text
        for entry in told:
            found = {*re.findall(rf'"(?:http://localhost)?(/[^"#]*)#e-{entry.uid}"', html)}
            assert found, page
            for address in found:
                assert f'id="e-{entry.uid}"' in as_ed.get(address.replace("&amp;", "&")).text, page
    cite = f"/entries/{first.uid}/citations"
    given = {"source": str(world.report.id), "credibility": "2", "directness": "on_record"}
    typed = {f"citations-0-{name}": value for name, value in given.items()}
    answer = post(as_ed, f"{cite}/new", typed, to=cite)
    assert answer.status_code == 303
    assert f'id="e-{first.uid}"' in as_ed.get(answer.headers["Location"].partition("#")[0]).text


def test_the_address_of_an_entry_keeps_the_point_of_view() -> None:
    kept = {"as_of": "2025-12-24", "known_at": "2025-12-25T00:00:00Z"}

    def write(endpoint: str, **values: str) -> str:
        return f"{endpoint} {sorted(values.items())}"

    on_issue = entry_address("TK", 3, "u", DAY, write, **kept)
    assert on_issue == f"issues.show {sorted((kept | {'key': 'TK-3'}).items())}#e-u"
    on_talks = entry_address("TK", None, "u", DAY, write, **kept)
    assert on_talks == f"claims.index {sorted((kept | {'code': 'TK', 'as_of': '2025-12-02'}).items())}#e-u"
