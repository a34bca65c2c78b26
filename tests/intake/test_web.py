"""The setting that says what may be fetched."""

import pytest

from tracker.intake.web import Web


@pytest.mark.parametrize(
    ("setting", "allowed", "refused"),
    [
        ("any", ["example.org", "203.0.113.7"], []),
        ("none", [], ["example.org", "", "none"]),
        ("", [], ["example.org", ""]),
        (
            " News.example.org, un.example",
            ["news.example.org", "www.un.example"],
            ["example.org", "xun.example"],
        ),
    ],
)
def test_the_setting_says_which_hosts_may_be_asked(
    setting: str, allowed: list[str], refused: list[str]
) -> None:
    web = Web.of(setting)
    assert [host for host in allowed + refused if web.may_ask(host)] == allowed
