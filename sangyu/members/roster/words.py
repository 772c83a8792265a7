"""What the words in a roster's cells mean. Every reader raises ValueError with a Chinese sentence."""

import re
import unicodedata

from sangyu.kit import identity_number
from sangyu.members.roster.entry import Mobility, Post, Rank, Residence, Status

Sex = identity_number.Sex

ROUNDED_NUMBER = re.compile(r"[0-9](?:\.[0-9]+)?E\+?1[0-9]", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_]+(?:·[^\W\d_]+)*")
PHONE = re.compile(r"1[0-9]{10}|0[0-9]{9,11}|[2-9][0-9]{6,7}")
SECOND_PHONE = re.compile(r"[/、,;，；\n].*", re.DOTALL)

HEALTHY = re.compile("无(?:重|大|慢性)*(?:疾病|病)")
HOUSEBOUND = re.compile("卧床|无法外出|不能外出|不能.{0,3}自理|失能|重病|病重|病危|瘫痪")
FRAIL = re.compile("体弱|不便|病|残|差|不佳|欠佳|不好|不健康|轮椅|拄拐|失智|半自理")
WELL = re.compile("健康|良好|一般|好|正常|尚可|自理")

RANKS: tuple[tuple[re.Pattern[str], Rank], ...] = (
    (re.compile("地级|地专|地厅|正地|副地|厅|巡视员"), "prefecture"),
    (re.compile("县|处|调研员"), "county"),
    (re.compile("科级|正科|副科|主任科员"), "section"),
)


def name(text: str) -> str:
    """The name without the blanks that line up two-character names with longer ones."""
    plain = re.sub(r"[．•.・‧]", "·", "".join(unicodedata.normalize("NFKC", text).split()))
    if not NAME.fullmatch(plain):
        raise ValueError(f"“{text}”里有数字、括号或系统认不出的字，请只写姓名，说明另放备注栏")
    return plain


def identity(text: str) -> str:
    """A sound identity number, or the reason why it is not."""
    number = identity_number.normalise(text)
    if ROUNDED_NUMBER.fullmatch(number):
        raise ValueError(
            "Excel把号码当成了数字，15位以后的数字已经丢失，无法找回；请把这一列设为“文本”格式，再照身份证重新填写18位号码"
        )
    if reason := identity_number.fault(number):
        raise ValueError(reason)
    return number


def sex(text: str) -> Sex:
    known: dict[str, Sex] = {"男": "male", "男性": "male", "女": "female", "女性": "female"}
    if text not in known:
        raise ValueError(f"“{text}”看不懂，请写“男”或“女”")
    return known[text]


def status(text: str) -> Status:
    if "预备" in text:
        return "probationary"
    # Some offices keep 离休 or 退休 in this column; it says nothing against full membership.
    if re.search("正式|离休|退休", text) or text in {"党员", "中共党员"}:
        return "full"
    raise ValueError(f"“{text}”看不懂，请写“正式党员”或“预备党员”；不是党员的请从花名册中删去")


def phone(text: str) -> str:
    """The digits of the first number in the cell: 11 of a mobile, 7 to 12 of a landline."""
    if text.isascii() and PHONE.fullmatch(text):
        return text
    first = re.sub(r"[\s()\-—–]", "", SECOND_PHONE.sub("", unicodedata.normalize("NFKC", text)))
    digits = re.sub(r"^\+?86(?=1[0-9]{10}$)", "", first)
    if not digits.isdecimal():
        raise ValueError(f"“{text}”里有数字以外的内容，请只写完整的电话号码")
    if not PHONE.fullmatch(digits):
        raise ValueError(
            f"“{text}”有{len(digits)}位，不是完整的号码；手机号应为11位并以1开头，座机应为7到8位（带区号10到12位），请补正"
        )
    return digits


def rank(text: str) -> Rank:
    for pattern, meaning in RANKS:
        if pattern.search(text):
            return meaning
    return "other"


def residence(text: str) -> Residence:
    if re.search("国外|境外|海外|出国", text):
        return "abroad"
    if re.search("不在本|外地|异地|外省|外市|外县|省外|市外", text):
        return "away"
    if re.search("本地|本市|本区|本县|本社区|市内|当地", text):
        return "here"
    raise ValueError(f"“{text}”看不出是不是住在本地，请写“本地”“外地”或“国外”，地名可加在括号里，如“外地（兰州）”")


def mobility(text: str) -> Mobility:
    if HEALTHY.search(text):
        return "well"
    if HOUSEBOUND.search(text):
        return "housebound"
    if FRAIL.search(text):
        return "frail"
    if WELL.search(text):
        return "well"
    raise ValueError(f"“{text}”看不懂，请写“健康”“体弱”或“卧床”")


def post(text: str) -> Post:
    if text.startswith(("原", "前", "曾")):
        return ""
    if "副书记" in text:
        return "deputy_secretary"
    if "书记" in text:
        return "secretary"
    return "committee" if "委员" in text else ""


def is_blank(text: str) -> bool:
    """Nothing, or one of the marks that clerks put for nothing."""
    return text in {"", "无", "没有", "暂无", "不详", "未知", "-", "--", "—", "——", "/", "\\"}
