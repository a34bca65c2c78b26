"""Reading what is looked for; any line at all is read."""

from datetime import date

import pytest

from tracker.models.search_doc import Kind, Phrase
from tracker.models.vocabulary import Status
from tracker.queries.search_wish import (
    LONGEST,
    MOST,
    STARRED,
    STARS,
    WORDS,
    Name,
    Sought,
    grouped,
    read_wish,
)


def words(line: str) -> list[str]:
    return [" ".join(each.phrase.words) for each in read_wish(line).words]


def test_words_phrases_and_filters_stand_in_any_order() -> None:
    wish = read_wish(
        'kind:positions dam party:"Red" "frozen assets" before:2025-12-10 STATUS:agreed-in-principle '
        "after:2025-12-01 issue:ua-3 topic:territory guarant*"
    )
    assert [each.phrase for each in wish.words] == [
        Phrase(("dam",)),
        Phrase(("frozen", "assets")),
        Phrase(("guarant",), is_open=True),
    ]
    assert (wish.kinds, wish.parties, wish.topics) == ([Kind.POSITION], ["Red"], ["territory"])
    assert (wish.statuses, wish.issues) == ([Status.AGREED_IN_PRINCIPLE], [("UA", 3)])
    assert (wish.before, wish.after) == (date(2025, 12, 10), date(2025, 12, 1))
    assert not wish.faults
    assert not wish.is_begun


def test_a_number_is_one_word_however_it_is_written() -> None:
    for line in ("600 000 men", "600,000 men", "600000 men"):
        assert [each.phrase.words for each in read_wish(line).words] == [("600000",), ("men",)]


def test_an_unknown_filter_is_words_and_a_word_of_several_is_a_phrase() -> None:
    assert words("url:example US-Ukraine") == ["url example", "us ukraine"]


@pytest.mark.parametrize(
    "line", ["before:yesterday", "kind:everything", "status:half", "issue:3", "after:2025-02-30"]
)
def test_a_filter_that_cannot_be_read_is_told_and_left_out(line: str) -> None:
    wish = read_wish(f"dam {line}")
    assert len(wish.faults) == 1
    assert not wish.is_filtered
    assert wish.words == [Sought(Phrase(("dam",)))]


@pytest.mark.parametrize(
    ("line", "is_begun"),
    [("the da", True), ("the d", False), ("the dam ", False), ('"the dam"', False), ("dam party:red", False)],
)
def test_the_last_word_may_be_begun_where_it_is_still_being_typed(line: str, is_begun: bool) -> None:
    assert read_wish(line).is_begun is is_begun


@pytest.mark.parametrize("line", ["***", '"', '""', "' - _", "\x00\ufffd", "ь"])
def test_what_holds_no_word_is_said_to(line: str) -> None:
    wish = read_wish(line)
    assert not wish
    assert len(wish.faults) == 1


def test_a_line_without_end_is_read_so_far() -> None:
    assert len(read_wish("dam " * 5000).words) == WORDS
    assert len(read_wish("dam " * 5000).faults) == 2
    assert len(words("dam" * LONGEST)) == 1


@pytest.mark.parametrize(
    "line", ["a*" * 240, '"the ' * 120, '"' + "the " * 120, "中" * 480, '"the the the the" ' * 20]
)
def test_phrases_without_end_are_looked_for_so_far_and_it_is_said(line: str) -> None:
    wish = read_wish(line[:LONGEST])
    assert sum(len(each.phrase.words) for each in wish.words) == WORDS
    assert not any(each.phrase.is_open for each in wish.words)
    assert not wish.is_begun
    assert [str(fault) for fault in wish.faults] == [f"Only the first {WORDS} words were looked for."]


def test_a_star_stands_only_for_the_rest_of_a_word_and_in_few_places() -> None:
    wish = read_wish("a* bc* dam* of-the* guar* l* fish*")
    assert [each.phrase.is_open for each in wish.words] == [False, False, True, True, False, False, False]
    assert [str(fault) for fault in wish.faults] == [
        f"A star stands for the rest of a word only after its first {STARRED} letters.",
        f"Only the first {STARS} stars were read.",
    ]
    assert not wish.is_begun


@pytest.mark.parametrize(
    "line", ["topic:a " * 60, "kind:x " * 60, "issue:UA-1 status:open party:a kind:note " * 11]
)
def test_filters_without_end_are_read_so_far_and_it_is_said(line: str) -> None:
    wish = read_wish(line)
    read = [*wish.topics, *wish.kinds, *wish.issues, *wish.statuses, *wish.parties]
    told = [str(fault) for fault in wish.faults]
    assert len(read) + sum("is no kind" in each for each in told) == MOST
    assert told[-1] == f"Only the first {MOST} filters were read."


def test_a_name_is_found_under_all_that_it_is_called() -> None:
    red = Name((("red",), ("red", "federation")), mark="*")
    names = {each: [red] for each in red.names}
    wish = read_wish("red federation dam")
    assert grouped(wish.words, names, is_begun=True) == [
        [Phrase(("red", "federation")), Phrase(("red",)), Phrase(("*",))],
        [Phrase(("dam",), is_open=True)],
    ]
    quoted = read_wish('"red" federation')
    assert len(grouped(quoted.words, names, is_begun=False)) == 2
