"""CSV as tools really write it."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.record import Refusal, RowWarning
from tandem.core.importing.source import Source
from tandem.core.importing.tables import Row, open_table, sniff_delimiter


def table_of(text: str | bytes, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return open_table(Source.from_bytes(data), **options)


def rows_of(text: str | bytes, **options):
    return list(table_of(text, **options).rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_it_finds_the_delimiter(delimiter):
    text = f'id{delimiter}title\n1{delimiter}"a, b; c"\n2{delimiter}d\n'
    assert rows_of(text) == [Row(2, ["1", "a, b; c"]), Row(3, ["2", "d"])]


def test_it_obeys_excels_declaration_of_the_delimiter():
    table = table_of("sep=;\nid;title\n1;a,b,c,d\n")
    assert table.names == ("id", "title")
    assert list(table.rows()) == [Row(3, ["1", "a,b,c,d"])]


def test_one_column_is_a_table_too():
    table = table_of("title\nfirst\nsecond\n")
    assert table.names == ("title",)
    assert [row.cells for row in table.rows()] == [["first"], ["second"]]


def test_it_gives_physical_lines_though_cells_span_several():
    rows = rows_of('id,text\r\n1,"a\r\nb"\r\n2,c\r\n')
    assert rows == [Row(2, ["1", "a\r\nb"]), Row(4, ["2", "c"])]


def test_a_header_name_with_a_line_break_is_one_name():
    assert table_of('plain,"quoted\nname"\r\n1,2\r\n').names == ("plain", "quoted name")


def test_repeated_header_names_are_one_column_with_several_places():
    table = table_of("id,Labels,Labels,x,Labels\n1,a,b,c,d\n")
    assert table.places() == {"id": (0,), "Labels": (1, 2, 4), "x": (3,)}


def test_a_column_without_a_name_is_called_by_its_number():
    assert list(table_of("id,title,\n1,a,b\n").places()) == ["id", "title", "column 3"]


def test_it_skips_and_counts_blank_rows():
    table = table_of("id,title\n\n1,a\n,\n , \n2,b\n")
    found = list(table.rows())
    assert [item.cells for item in found if isinstance(item, Row)] == [["1", "a"], ["2", "b"]]
    assert table.blank_rows == 3
    assert found[-1] == RowWarning(None, "3 rows are blank; blank rows are skipped.")


def test_it_finds_the_header_below_a_url_and_spacer_rows():
    table = table_of("https://example.org/board,,\n,,\nTask ID,Name,Notes\n1,a,b\n")
    assert table.names == ("Task ID", "Name", "Notes")
    assert table.header_line == 3
    (note,) = table.notes()
    assert "example.org" in note.message


def test_it_takes_rows_one_cell_short_and_warns_once():
    found = rows_of("a,b,c\n1,2,3\n4,5\n6,7\n")
    assert [item.cells for item in found if isinstance(item, Row)] == [
        ["1", "2", "3"],
        ["4", "5", ""],
        ["6", "7", ""],
    ]
    (warning,) = [item for item in found if isinstance(item, RowWarning)]
    assert warning.line == 3
    assert "2 rows are one cell short" in warning.message


def test_it_refuses_a_row_with_more_cells_than_the_header():
    found = rows_of("id,Labels,title\n1,a,b,First\n2,a,Second\n")
    assert found[0] == Refusal(
        2, "the row has 4 cells and the header 3; which one is too many cannot be told"
    )
    assert found[1] == Row(3, ["2", "a", "Second"])


def test_it_refuses_a_row_several_cells_short():
    (refusal,) = rows_of("a,b,c,d\n1,2\n")
    assert refusal.line == 2
    assert "only 2 of the header's 4" in refusal.reason


def test_trailing_delimiters_in_the_header_alone_are_no_missing_cells():
    assert rows_of("a,b,,\n1,2\n") == [Row(2, ["1", "2", "", ""])]


def test_it_names_the_line_where_a_quote_is_never_closed():
    with pytest.raises(ImportRefused) as caught:
        rows_of('id,text\n1,fine\n2,"one\nmore\n3,"\n'.replace('3,"', "3,x"))
    assert caught.value.line == 3
    assert "never closed" in caught.value.message


def test_the_unclosed_quote_is_found_in_the_middle_of_a_row_of_many_lines():
    with pytest.raises(ImportRefused) as caught:
        rows_of('id,a,b\n1,"two\nlines","opened\nhere\nand on\n')
    assert caught.value.line == 3


def test_it_refuses_a_row_whose_quotes_do_not_fit_and_reads_on():
    found = rows_of('id,text\n1,"He said "hello" to me"\n2,fine\n')
    assert found[0].line == 2
    assert "double the quotes" in found[0].reason
    assert found[1] == Row(3, ["2", "fine"])


def test_it_says_which_lines_an_unclosed_quote_swallowed():
    found = rows_of('id,text,x\n1,"open,a\n2,"b",c\n3,d,e\n')
    assert found[0].line == 2
    assert "lines 2 to 3" in found[0].reason
    assert found[1] == Row(4, ["3", "d", "e"])


def test_it_refuses_a_huge_cell_naming_line_and_column():
    found = rows_of(f"id,text\n1,{'x' * 50}\n2,y\n", cell_limit=40)
    assert found[0] == Refusal(
        2, "the cell in column 2 (“text”) has 50 characters; the limit is 40"
    )
    assert found[1] == Row(3, ["2", "y"])


def test_it_refuses_a_line_longer_than_it_holds_in_memory(monkeypatch):
    monkeypatch.setattr("tandem.core.importing.tables._HARD_LIMIT", 400)
    table = table_of("id,text\n1,x\n2," + "y," * 400 + "\n3,z\n")
    found = []
    with pytest.raises(ImportRefused) as caught:
        found.extend(table.rows())
    assert caught.value.line == 3


def test_a_bom_inside_a_cell_is_content():
    (row,) = rows_of("\ufeffid,text\n1,\ufeffx\n")
    assert row.cells == ["1", "\ufeffx"]
    assert table_of("\ufeffid,text\n").names == ("id", "text")


def test_it_refuses_a_file_of_blank_rows():
    with pytest.raises(ImportRefused, match="no row with text"):
        table_of("\n\n , \n")


def test_it_refuses_too_many_columns():
    with pytest.raises(ImportRefused, match="columns"):
        table_of(",".join(f"c{n}" for n in range(6000)))


@pytest.mark.parametrize("delimiter", [",,", '"', "\n", " "])
def test_it_refuses_what_cannot_separate_cells(delimiter):
    with pytest.raises(ImportRefused, match="cannot separate"):
        table_of("a,b\n", delimiter=delimiter)


def test_a_header_alone_has_no_rows():
    assert rows_of("id;title;") == []


cells = st.text(
    alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20
)


@settings(max_examples=150)
@given(
    st.integers(2, 5).flatmap(
        lambda w: st.lists(st.lists(cells, min_size=w, max_size=w), max_size=6)
    )
)
def test_what_csv_writes_is_read_back_cell_for_cell(table):
    width = len(table[0]) if table else 2
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow([f"column {n}" for n in range(width)])
    writer.writerows(table)
    found = [item for item in rows_of(stream.getvalue()) if isinstance(item, Row)]
    assert [row.cells for row in found] == [
        row for row in table if any(cell.strip() for cell in row)
    ]


@settings(max_examples=300)
@given(st.text(alphabet='a1,;\t|"\r\n \ufeffé', min_size=1))
def test_any_text_is_a_table_or_refused(text):
    with suppress(ImportRefused):
        table = table_of(text)
        for item in table.rows():
            assert isinstance(item, Row | Refusal | RowWarning)
            if isinstance(item, Row):
                assert len(item.cells) == len(table.names)


def test_sniffing_prefers_the_split_that_fits_all_rows():
    source = Source.from_bytes(b"name;note\nA;one, two, three\nB;four\nC;five, six\n")
    assert sniff_delimiter(source) == ";"
