"""As raw as can be: a roster's cells by COPY into a table of texts, without a look at any of them."""

from io import BytesIO

from django.db import connection
from python_calamine import CalamineWorkbook

from sangyu.bench.rosters import HEADERS
from sangyu.kit.copying import copy_rows

TABLE = "bench_raw_roster"


def copy_raw(content: bytes) -> None:
    columns = [f"c{number}" for number in range(len(HEADERS))]
    with connection.cursor() as cursor:
        cursor.execute(f"create table {TABLE} (id bigserial primary key, {', '.join(f'{c} text' for c in columns)})")
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).iter_rows()
    copy_rows(TABLE, columns, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"drop table {TABLE}")
