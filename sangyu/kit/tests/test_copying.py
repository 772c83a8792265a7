"""Many rows and long lists go to the database as one text each."""

import pytest
from django.db import connection

from sangyu.kit.copying import byte_array, copy_rows, plain_array, take_ids

pytestmark = pytest.mark.django_db


def test_arrays_come_back_as_they_were() -> None:
    numbers, values = [1, None, -3], [b"", b"\x00\\\"',{}", bytes(range(256))]
    with connection.cursor() as cursor:
        cursor.execute("select %s::bigint[], %s::bytea[]", [plain_array(numbers), byte_array(values)])
        told = cursor.fetchone()
    assert (told[0], [bytes(value) for value in told[1]]) == (numbers, values)


def test_rows_are_copied_with_whatever_stands_in_them() -> None:
    rows = [(1, "甲\t乙\n\\N", b"\x00\xff", None), (2, "", b"", "[2018-05-01,)")]
    with connection.cursor() as cursor:
        cursor.execute("create temp table copied (id int, told text, raw bytea, during daterange) on commit drop")
        copy_rows("copied", ("id", "told", "raw", "during"), rows)
        cursor.execute("select id, told, raw, during::text from copied order by id")
        assert [(a, b, bytes(c), d) for a, b, c, d in cursor.fetchall()] == rows


def test_ids_are_taken_once() -> None:
    first, second = take_ids("members_person", 3), take_ids("members_person", 2)
    assert sorted({*first, *second}) == first + second and take_ids("members_person", 0) == []
