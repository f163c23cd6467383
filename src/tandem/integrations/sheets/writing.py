"""A sheet as CSV or XLSX, row by row: memory does not grow with the list."""

import csv
import datetime
import io
import zoneinfo
from collections.abc import Iterator
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tandem.integrations.archive.export import defused
from tandem.integrations.sheets.sheet import Sheet

#: Lines of CSV handed to the browser at once.
LINES = 500
#: What one worksheet of Excel holds, its head included.
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767


def csv_chunks(sheet: Sheet) -> Iterator[str]:
    """The sheet as CSV; days and moments in ISO form, nothing a spreadsheet would run."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([defused(title) for title in sheet.titles])
    for number, row in enumerate(sheet.rows, 1):
        writer.writerow([_csv_cell(cell) for cell in row])
        if number % LINES == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _csv_cell(value: Any) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return str(value)
    return defused(value)


def xlsx_write(sheet: Sheet, file: IO[bytes], zone: zoneinfo.ZoneInfo) -> None:
    """The sheet as a workbook: numbers as numbers, days as days, moments in ``zone``.

    A text is written as text whatever it begins with: no cell is a formula.
    """
    book = Workbook(write_only=True)
    page = book.create_sheet("Tandem")
    page.freeze_panes = "A2"
    page.append([_xlsx_cell(page, title, zone) for title in sheet.titles])
    for number, row in enumerate(sheet.rows, 2):
        if number > MOST_ROWS:
            break
        page.append([_xlsx_cell(page, cell, zone) for cell in row])
    book.save(file)


def _xlsx_cell(page: Any, value: Any, zone: zoneinfo.ZoneInfo) -> Any:
    if isinstance(value, datetime.datetime):
        # A workbook knows no zones.
        return value.astimezone(zone).replace(tzinfo=None)
    if isinstance(value, str):
        cell = WriteOnlyCell(page)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
        if cell.data_type in {"f", "e"}:
            cell.data_type = "s"
        return cell
    return value
