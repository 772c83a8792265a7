"""Identity numbers: what is sound, what is wrong with the rest, and what a number tells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit.identity_number import birth_date, check_digit, fault, mask, normalise, sex

# The example printed in GB 11643-1999.
PRINTED_EXAMPLE = "11010519491231002X"

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@st.composite
def sound_numbers(draw: st.DrawFn) -> str:
    first17 = f"620299{draw(DAYS):%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + check_digit(first17)


def test_the_printed_example_is_sound() -> None:
    assert fault(PRINTED_EXAMPLE) is None
    assert check_digit(PRINTED_EXAMPLE[:17]) == "X"
    assert birth_date(PRINTED_EXAMPLE) == date(1949, 12, 31)
    assert sex(PRINTED_EXAMPLE) == "female"


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X\n",
        "'11010519491231002X",
        "\u200b11010519491231002X",
    ],
)
def test_writing_habits_do_not_matter(written: str) -> None:
    assert normalise(written) == PRINTED_EXAMPLE
    assert fault(written) is None


@given(sound_numbers())
def test_a_number_with_its_check_digit_is_sound(number: str) -> None:
    assert fault(number) is None


@given(sound_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number: str, place: int, step: int) -> None:
    wrong = str((int(number[place]) + step) % 10)
    assert fault(number[:place] + wrong + number[place + 1 :]) is not None


@given(sound_numbers(), st.integers(0, 15))
def test_two_neighbours_changed_about_are_always_found(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (fault(swapped) is None) == (swapped == number)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("", "现在是0位"),
        ("1101051949123100", "现在是16位"),
        ("110105194912310021X", "现在是19位"),
        ("110105491231002", "15位的老号码"),
        ("1101O519491231002X", "第5位是“O”"),
        ("1101051949123100XX", "第17位是“X”"),
        ("11010519491231002Y", "第18位是“Y”"),
        ("110105194902300020", "“19490230”不是真实的出生日期"),
        ("110105189912310020", "不是真实的出生日期"),
        ("110105194912310021", "校验码对不上"),
    ],
)
def test_a_fault_says_what_is_wrong(number: str, told: str) -> None:
    assert told in (fault(number) or "")


def test_the_right_check_digit_is_never_told() -> None:
    assert "X" not in (fault("110105194912310021") or "")


def test_a_birth_date_that_is_none_is_refused() -> None:
    for number in ("110105194902300020", "11010518991231", "1101", "110105abcdefgh0020"):
        with pytest.raises(ValueError):
            birth_date(number)


def test_the_seventeenth_digit_is_odd_for_men() -> None:
    assert sex("620299195103020014") == "male"
    assert sex("620299195103020022") == "female"


@pytest.mark.parametrize("first17", ["", "1101051949123100", "1101051949123100X"])
def test_a_check_digit_needs_seventeen_digits(first17: str) -> None:
    with pytest.raises(ValueError):
        check_digit(first17)


def test_the_mask_leaves_three_and_two() -> None:
    assert mask("11010519491231002x") == "110*************2X"
    assert mask("110105491231002") == "110**********02"
    assert mask("110105") == "******"
    assert mask("") == ""
