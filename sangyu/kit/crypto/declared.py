"""Which columns of the database are sealed: each area says so once, beside its models. Changing keys goes by this."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

SEALED: dict[tuple[str, str], "SealedColumn"] = {}


@dataclass(frozen=True, slots=True)
class BlindIndex:
    """A column by which a sealed value is found again: what it is keyed for, and how its text is read from the value.

    Left out of `SealedColumn.indexes`, rows of an old index key would never be found once that key is gone.
    """

    column: str
    about: str
    text: Callable[[bytes], str] = bytes.decode


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """One sealed column: its table, what its values are bound to, its words for people, and its blind indexes."""

    table: str
    column: str
    about: str
    label: str  # 人员的电话
    indexes: tuple[BlindIndex, ...] = ()


def sealed_column(model: type[Model], column: str, about: str, label: str, *indexes: BlindIndex) -> SealedColumn:
    """Declare one. Raises ValueError when it is declared already, or a column is none."""
    columns = {field.column for field in model._meta.local_concrete_fields}
    table = model._meta.db_table
    if (table, column) in SEALED or not {column, *(index.column for index in indexes)} <= columns:
        raise ValueError(f"{table}.{column} is declared twice, or is no column")
    return SEALED.setdefault((table, column), SealedColumn(table, column, about, label, indexes))
