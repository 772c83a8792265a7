"""Resident identity numbers of 18 characters (GB 11643-1999): area (6), birth (8), order (3), check (1)."""

import re
import unicodedata
from datetime import date
from operator import mul
from typing import Literal

Sex = Literal["male", "female"]

LENGTH = 18
FIRST_LENGTH = 15
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
DIGITS = "0123456789"
EARLIEST_YEAR = 1900

# Besides blanks: the apostrophe that keeps a number as text in Excel, and the invisible marks that chat programs add.
NOISE = re.compile(r"[\s'‘’`\u200b-\u200f\u202a-\u202e\ufeff]")


def normalise(text: str) -> str:
    """The number as the card prints it: half-width, without blanks, X in capitals."""
    if text.isascii() and text.isalnum():  # nearly every number; big rosters notice
        return text.upper()
    return NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def fault(text: str) -> str | None:
    """What is wrong with the number, as a Chinese sentence that says what to do; None when it is sound."""
    number = normalise(text)
    if len(number) == FIRST_LENGTH and number.isdecimal():
        return "这是15位的老号码，请改填现在身份证上的18位号码"
    if len(number) != LENGTH:
        return f"身份证号应为18位，现在是{len(number)}位，请对照身份证补正"
    return _foreign_character(number) or _impossible_birth(number) or _wrong_check_digit(number)


def birth_date(number: str) -> date:
    """The day of birth inside the number. Raises ValueError when there is no such day or the number is too short."""
    digits = normalise(number)[6:14]
    if len(digits) != 8 or not (digits.isascii() and digits.isdecimal()):
        raise ValueError(f"身份证号第7到14位“{digits}”应是8位数字的出生日期")
    born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if born.year < EARLIEST_YEAR:
        raise ValueError(f"身份证号里的出生年份{born.year}不可能")
    return born


def sex(number: str) -> Sex:
    """The sex inside a sound number: the seventeenth digit is odd for men."""
    return "male" if int(normalise(number)[16]) % 2 else "female"


def check_digit(first17: str) -> str:
    """The eighteenth character for the first seventeen (ISO 7064 MOD 11-2, as GB 11643-1999 prescribes)."""
    if len(first17) != len(WEIGHTS) or not (first17.isascii() and first17.isdecimal()):
        raise ValueError("算校验码需要正好17位数字")
    weighted = sum(map(mul, WEIGHTS, map(int, first17)))
    return CHECK_DIGITS[weighted % 11]


def mask(number: str) -> str:
    """The number for screens: the first three and the last two characters, the rest as stars."""
    plain = normalise(number)
    if len(plain) < FIRST_LENGTH:
        return "*" * len(plain)
    return plain[:3] + "*" * (len(plain) - 5) + plain[-2:]


def _foreign_character(number: str) -> str | None:
    if number.isascii() and number[:-1].isdecimal() and number[-1] in DIGITS + "X":
        return None
    for place, character in enumerate(number, start=1):
        allowed = DIGITS + "X" if place == LENGTH else DIGITS
        if character not in allowed:
            return f"身份证号第{place}位是“{character}”，前17位只能是数字，最后一位是数字或X，请改正"
    return None


def _impossible_birth(number: str) -> str | None:
    try:
        birth_date(number)
    except ValueError:
        return f"身份证号第7到14位“{number[6:14]}”不是真实的出生日期，请对照身份证改正"
    return None


def _wrong_check_digit(number: str) -> str | None:
    # The right digit is not told: typing it would make a wrong number look sound.
    if check_digit(number[:17]) != number[17]:
        return "身份证号的校验码对不上，多半抄错了一位，请对照身份证逐位核对"
    return None
