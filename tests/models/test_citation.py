import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.models.acts import change, refuses, state, withdraw
from tests.world import QUOTE, World
from tracker.models import Citation, Cite, Refused
from tracker.models.vocabulary import Credibility, Directness, Status, Translator


def cited(world: World, cite: Cite) -> Citation:
    return change(world, Status.OPEN, citing=[cite]).citations[0]


def test_quote_is_looked_up_in_the_stored_text(world: World) -> None:
    citation = cited(world, world.cite(f"  {QUOTE}\n"))
    text = world.article.text
    assert text
    assert citation.quote == QUOTE  # as it was typed
    assert citation.offset is not None
    assert citation.length is not None
    assert text[citation.offset : citation.offset + citation.length] == (
        "“We will not pay for Blue’s dam” – so the envoy, on Tuesday."
    )
    assert text[: citation.offset].endswith(citation.prefix)
    assert text[citation.offset + citation.length :].startswith(citation.suffix)
    assert (len(citation.prefix), len(citation.suffix)) == (32, 32)
    assert citation.locator == "para 3"
    assert citation.is_checked


@pytest.mark.parametrize(
    ("old", "new"), [("not", "now"), ("We", "we"), ("Blue", "Red"), ("Tuesday.", "Tuesday!"), ("dam", "dams")]
)
def test_quote_with_one_word_changed_is_refused_with_the_nearest_passage(
    world: World, old: str, new: str
) -> None:
    with pytest.raises(Refused) as refused:
        cited(world, world.cite(QUOTE.replace(old, new)))
    [fault] = refused.value.faults
    assert fault.field == "citations-0-quote"
    assert "We will not pay for Blue’s dam" in str(fault)


def test_quote_that_is_near_to_nothing_is_refused_without_a_passage(world: World) -> None:
    with pytest.raises(Refused) as refused:
        cited(world, world.cite("Щось зовсім інше"))
    assert str(refused.value) == "These words are not in the source’s stored text."


def test_quote_without_a_stored_text_is_kept_as_unchecked(world: World) -> None:
    citation = cited(world, Cite(world.report, quote="Whatever it says", locator="page 4"))
    assert (citation.quote, citation.offset, citation.length) == ("Whatever it says", None, None)
    assert citation.locator == "page 4"
    assert not citation.is_checked


def test_citation_needs_no_quote(world: World) -> None:
    citation = cited(world, world.cite(" "))
    assert (citation.quote, citation.offset, citation.locator) == ("", None, "")


def test_locator_that_was_typed_is_kept(world: World) -> None:
    assert cited(world, Cite(world.article, quote=QUOTE, locator="front page")).locator == "front page"


def test_each_fault_names_its_citation(world: World) -> None:
    with refuses("citations-0-quote", "citations-1-source", "row-7-quote"):
        change(
            world,
            Status.OPEN,
            citing=[
                world.cite("nobody said this"),
                Cite(None),
                Cite(world.article, quote="nor this", place="row-7-"),
                world.cite(QUOTE),
            ],
        )


def test_grades_are_not_judged_unless_someone_judges(world: World) -> None:
    citation = cited(world, world.cite())
    assert (citation.credibility, citation.directness) == (Credibility.NOT_JUDGED, Directness.REPORTED)
    graded = state(
        world,
        world.red,
        citing=[Cite(world.article, credibility=Credibility.CONFIRMED, directness=Directness.OFFICIAL_TEXT)],
    ).citations[0]
    assert (graded.credibility, graded.directness) == (Credibility.CONFIRMED, Directness.OFFICIAL_TEXT)


def test_a_translator_is_named_where_there_is_a_translation(world: World) -> None:
    translated = cited(
        world, Cite(world.article, translation=" Ми не заплатимо ", translated_by=Translator.DESK)
    )
    assert (translated.translation, translated.translated_by) == ("Ми не заплатимо", Translator.DESK)
    citation = state(
        world, world.red, citing=[Cite(world.article, translated_by=Translator.MACHINE)]
    ).citations[0]
    assert citation.translated_by is None


def test_the_last_citation_of_an_entry_stays(world: World, session: Session) -> None:
    entered = change(world, Status.OPEN, citing=[world.cite(), Cite(world.report)])
    session.commit()
    withdraw(world, entered.citations[0])
    session.commit()
    assert entered.evidence == entered.citations[1:]
    with refuses("entry"):
        withdraw(world, entered.citations[1])


def test_a_citation_has_one_subject(world: World, session: Session) -> None:
    citation = Citation(source=world.article, recorded_at=world.talks.recorded_at, recorded_by="Ed")
    session.add(citation)
    with pytest.raises((IntegrityError, AttributeError)):
        session.flush()
    session.rollback()
    assert session.scalars(select(Citation).where(Citation.entry_id.is_(None))).first() is None
