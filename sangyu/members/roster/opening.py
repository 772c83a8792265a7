"""Look at a file before Excel's reader does, and refuse what it can't or must not open."""

import re
import zipfile
import zlib
from io import BytesIO

from sangyu.members.roster.entry import RosterRefused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_A_WORKBOOK = "这不是Excel工作簿，请用Excel或WPS打开原来的文件，另存为“Excel 工作簿（.xlsx）”后再上传"
DAMAGED = "这个Excel文件已损坏，读不出内容，请用Excel或WPS打开并重新保存后再上传"
LOCKED = "这个文件设了打开密码，请先在Excel里取消密码，保存后再上传"

# The reader lays a sheet out as a full rectangle in memory and ends the whole process when there is none left,
# so one stray cell in the far corner of a small file is enough to stop the server.
MAX_UNPACKED_BYTES = 200_000_000
MAX_SHEET_CELLS = 4_000_000

FILLED_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br=["']([A-Za-z]{1,3})([0-9]{1,7})["'][^>]*(?<!/)>""")
ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br=["']([0-9]{1,7})["'][^>]*(?<!/)>""")


def refuse_unreadable(content: bytes) -> None:
    """Raises RosterRefused for what is no workbook, is locked by a password, or would burst the memory."""
    if not content:
        raise RosterRefused("文件是空的，请重新选择花名册文件")
    if content.startswith(OLE):
        if ENCRYPTED in content:
            raise RosterRefused(LOCKED)
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            _refuse_package(package)
    except zipfile.BadZipFile:
        raise RosterRefused(NOT_A_WORKBOOK) from None
    except (zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError):
        # ValueError: a directory of parts that points nowhere. The last two: parts locked or packed as no Excel does.
        raise RosterRefused(DAMAGED) from None


def _refuse_package(package: zipfile.ZipFile) -> None:
    if not any(name.lower() == "xl/workbook.xml" for name in package.namelist()):
        raise RosterRefused(NOT_A_WORKBOOK)
    if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED_BYTES:
        raise RosterRefused("这个文件展开后太大，请只留花名册，删去图片和其他工作表后再上传")
    for part in package.infolist():
        _refuse_stray_cells(package.read(part))


def _refuse_stray_cells(xml: bytes) -> None:
    cells = [(_column_number(letters), int(row)) for letters, row in FILLED_CELL.findall(xml)]
    width = max((column for column, _ in cells), default=1)
    height = max([row for _, row in cells] + [int(row) for row in ROW.findall(xml)], default=1)
    if width * height > MAX_SHEET_CELLS:
        raise RosterRefused(
            f"表格铺得太开（{height}行、{width}列），多半在很远的地方误填了内容，请把名单另拷到一张新表，保存后再上传"
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
