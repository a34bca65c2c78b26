"""How tests read what was taken along."""

import csv
import io
from typing import Any

import openpyxl
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def fetch(client: FlaskClient, address: str) -> TestResponse:
    """Fetch a file."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status, answer.text[:500])
    return answer


def csv_rows(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """Fetch a table in CSV, each row by the heads."""
    data = fetch(client, address).data
    assert data.startswith(b"\xef\xbb\xbf")
    rows = [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)]
    assert len(data.decode().splitlines()) == len(rows)
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def workbook(client: FlaskClient, address: str) -> Any:
    """Fetch a file of Excel and open it."""
    return openpyxl.load_workbook(io.BytesIO(fetch(client, address).data))


def tab_rows(book: Any, name: str) -> list[dict[str, Any]]:
    """Give the rows of a tab by the heads."""
    heads, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]
