"""Write an .xls of before 2007 for the tests: no library at hand does, and offices still send them."""

import struct
from collections.abc import Sequence

SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
# Streams below this size live in a second table, which the tests have no need of.
SMALLEST_STREAM = 4096


def xls(sheet_name: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """The cells as one BIFF8 sheet in an OLE file."""
    return _ole_file("Workbook", _workbook_stream(sheet_name, rows))


def locked_package() -> bytes:
    """An OLE file such as Excel makes of a workbook with a password."""
    return _ole_file("EncryptedPackage", b"\0" * SMALLEST_STREAM)


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _workbook_stream(sheet_name: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    name = struct.pack("<BB", len(sheet_name), 1) + sheet_name.encode("utf-16-le")
    beginning = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    sheet_at = len(beginning) + len(_record(0x0085, b"\0" * 6 + name)) + len(_record(0x000A))
    bound = _record(0x0085, struct.pack("<IH", sheet_at, 0) + name)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for place, row in enumerate(rows):
        sheet += b"".join(_cell(place, column, cell) for column, cell in enumerate(row))
    return beginning + bound + _record(0x000A) + sheet + _record(0x000A)


def _cell(row: int, column: int, cell: str | float) -> bytes:
    where = struct.pack("<HHH", row, column, 0)
    if isinstance(cell, str):
        return _record(0x0204, where + struct.pack("<HB", len(cell), 1) + cell.encode("utf-16-le"))
    return _record(0x0203, where + struct.pack("<d", cell))


def _ole_file(name: str, stream: bytes) -> bytes:
    padded = stream.ljust(max(SMALLEST_STREAM, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(padded) // SECTOR
    header = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, SMALLEST_STREAM, END, 0, END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    chain = [FAT, END, *range(3, sectors + 2), END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")
    entries = _entry("Root Entry", 5, 1, (END, 0)) + _entry(name, 2, FREE, (2, len(padded)))
    return header + fat + entries.ljust(SECTOR, b"\0") + padded


def _entry(name: str, kind: int, child: int, place: tuple[int, int]) -> bytes:
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded) + 2, kind, 1)
    return entry + struct.pack("<III", FREE, FREE, child) + b"\0" * 36 + struct.pack("<IQ", *place)
