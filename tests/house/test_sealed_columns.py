"""Every sealed column and every blind index is declared: one that is not would keep its old key for ever."""

from django.apps import apps
from django.db.models import BinaryField

from sangyu.kit.crypto import SEALED


def binary_columns(ending: str) -> set[tuple[str, str]]:
    return {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, BinaryField) and field.column.endswith(ending)
    }


def test_every_sealed_column_is_declared() -> None:
    assert set(SEALED) == binary_columns("_sealed")


def test_every_blind_index_is_declared() -> None:
    declared = {(column.table, index.column) for column in SEALED.values() for index in column.indexes}
    assert declared == binary_columns("_index")


def test_each_is_sealed_under_a_name_of_its_own_and_has_words_for_people() -> None:
    abouts = [column.about for column in SEALED.values()]
    assert len(set(abouts)) == len(abouts)
    labels = [column.label for column in SEALED.values()]
    assert len(set(labels)) == len(labels) and all(labels)


def test_rows_are_known_by_their_id() -> None:
    keys = {model._meta.db_table: model._meta.pk.column for model in apps.get_models()}
    assert {keys[table] for table, _ in SEALED} == {"id"}
