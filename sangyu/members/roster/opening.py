"""Look at a file before Excel's reader does, and refuse what it can't or must not open."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from sangyu.members.roster.entry import RosterRefused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_A_WORKBOOK = "这不是Excel工作簿，请用Excel或WPS打开原来的文件，另存为“Excel 工作簿（.xlsx）”后再上传"
DAMAGED = "这个Excel文件已损坏，读不出内容，请用Excel或WPS打开并重新保存后再上传"
LOCKED = "这个文件设了打开密码，请先在Excel里取消密码，保存后再上传"

# The reader lays a sheet out as a full rectangle in memory and ends the whole process when there is none left,
# so one stray cell in the far corner of a small file is enough to stop it. 200,000 people in 24 columns pass.
MAX_UNPACKED_BYTES = 600_000_000
MAX_SHEET_CELLS = 4_800_000

# Patterns that begin with plain letters are found ten times as fast.
PIECE = 1_000_000  # bytes of a part that are looked at together
LONGEST_TAG = 1_000  # bytes; a tag may be cut in two by the end of a piece
ROW = re.compile(rb"""row\b[^>]*?\br=["']([0-9]{1,7})["'][^>]*(?<!/)>""")
FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>""")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def refuse_foreign(content: bytes) -> None:
    """Raises RosterRefused for what is no workbook, is locked by a password, or is too large; a quick look."""
    if not content:
        raise RosterRefused("文件是空的，请重新选择花名册文件")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise RosterRefused(LOCKED)
        return
    with _package(content) as package:
        if not any(name.lower() == "xl/workbook.xml" for name in package.namelist()):
            raise RosterRefused(NOT_A_WORKBOOK)
        if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED_BYTES:
            raise RosterRefused("这个文件展开后太大，请只留花名册，删去图片和其他工作表后再上传")


def refuse_unreadable(content: bytes) -> None:
    """`refuse_foreign`, and for what would burst the memory."""
    refuse_foreign(content)
    if not content.startswith(OLE):
        with _package(content) as package:
            for part in package.infolist():
                _refuse_stray_cells(package, part)


@contextmanager
def _package(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            yield package
    except zipfile.BadZipFile:
        raise RosterRefused(NOT_A_WORKBOOK) from None
    except (zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        # ValueError: a directory of parts that points nowhere. The last two: parts locked or packed as no Excel does.
        raise RosterRefused(DAMAGED) from None


def _refuse_stray_cells(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    width = height = 1
    with package.open(part) as xml:
        tail = b""
        while piece := xml.read(PIECE):
            text = tail + piece
            tail = text[-LONGEST_TAG:]
            height = max([height, *map(int, ROW.findall(text))])
            if re.search(_outlying(width, height), text):  # nearly never; only then the tag around it counts, too
                for letters, row in FILLED_CELL.findall(text):
                    width, height = max(width, _column_number(letters)), max(height, int(row))
    if width * height > MAX_SHEET_CELLS:
        raise RosterRefused(
            f"表格铺得太开（{height}行、{width}列），多半在很远的地方误填了内容，请把名单另拷到一张新表，保存后再上传"
        )


def _outlying(width: int, height: int) -> bytes:
    """The place of a cell farther right than `width`, or in a row of more digits than `height`: there is hardly any,
    once the first rows have been seen. Looking at every cell takes many times as long."""
    farther = f"[{ALPHABET[width:]}{ALPHABET[width:].lower()}][0-9]|" if width < len(ALPHABET) else ""
    lower = f"[A-Za-z]{{1,3}}[0-9]{{{len(str(height)) + 1},7}}"
    return f"""r=["'](?:{farther}[A-Za-z]{{2,3}}[0-9]|{lower})""".encode()


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * len(ALPHABET) + letter - ord("A") + 1
    return number
