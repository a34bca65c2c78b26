"""Lists of references for tests."""

from datetime import timedelta

from tests.world import DAY

RIS_RECORD = """TY  - NEWS
TI  - {title}
AU  - Lee, Ann
AU  - Коваль, Ірина
T2  - The Shore
DA  - {day}
UR  - {url}
ER  -
"""


def ris_record(number: int, **given: str) -> str:
    """Write a whole record, the nth of its kind."""
    day = (DAY - timedelta(days=number)).strftime("%Y/%m/%d/")
    values = {"title": f"Report number {number}", "day": day, "url": f"https://example.org/r/{number}"}
    return RIS_RECORD.format(**values | given)


def ris_of_five_hundred() -> str:
    """Write 500 records: 20 that repeat others of the list or the world's article, and 5 that are broken."""
    whole = [ris_record(number) for number in range(475)]
    again = [ris_record(number, title=f"Another title {number}") for number in range(10)]
    again += [ris_record(number, title=f"Report, number {number}", url="") for number in range(10, 19)]
    again.append(ris_record(0, title="Talks on the lake", url="http://www.example.org/lake/?utm_source=x"))
    broken = [
        ris_record(1, title=""),
        ris_record(1, day="2025/13/45"),
        ris_record(1, url="example.org"),
        ris_record(1).replace("ER  -\n", ""),
        ris_record(1, title="x" * 301),
    ]
    records = whole[:200] + broken + whole[200:] + again
    return "\n".join(records)
