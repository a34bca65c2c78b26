"""Conflicts: what the panel sets side by side."""

from flask.testing import FlaskClient

from tests.views.conftest import hidden, post
from tests.world import World


def test_what_is_only_typed_another_way_is_no_difference(
    as_ed: FlaskClient, as_ann: FlaskClient, world: World
) -> None:
    address = f"/sources/{world.report.id}"
    typed = {"title": "News", "negotiations": "TK", "text": "One line.\r\nAnother."}
    mine = hidden(as_ed, f"{address}/edit")
    post(as_ann, f"{address}/edit", typed | {"published_on": "2025-12-01"}, to=address)
    answer = as_ed.post(address, data=mine | typed | {"published_on": "1.12.2025", "publisher": "The Bay"})
    panel = answer.text[answer.text.index("<tbody>") : answer.text.index("</tbody>")]
    assert answer.status_code == 409
    assert panel.count("<tr") == 1
    assert "The Bay" in panel
