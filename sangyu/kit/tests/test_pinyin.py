"""Names are ordered and found as they are spoken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangyu.kit import pinyin

# The common set: a few rare characters, such as 兙, have no reading or one of two syllables.
COMMON = st.characters(codec="gb2312", min_codepoint=0x4E00, max_codepoint=0x9FA5)
CHINESE_NAMES = st.text(COMMON, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("单小明", "shan xiao ming"),
        ("仇英", "qiu ying"),
        ("曾国强", "zeng guo qiang"),
        ("解放", "xie fang"),
        ("翟志刚", "zhai zhi gang"),
        ("查良镛", "zha liang yong"),
        ("区志明", "ou zhi ming"),
        ("朴永哲", "piao yong zhe"),
        ("尉迟恭", "yu chi gong"),
        ("尉健", "wei jian"),
        ("万俟雪", "mo qi xue"),
        ("万里", "wan li"),
        ("长孙明", "zhang sun ming"),
        ("覃兰", "qin lan"),
        ("任平", "ren ping"),
        ("盖文", "ge wen"),
        ("乐天", "yue tian"),
        ("华山", "hua shan"),
        ("纪明", "ji ming"),
        ("宁平", "ning ping"),
        ("缪文", "miao wen"),
        ("冼星海", "xian xing hai"),
        ("逄明", "pang ming"),
        ("员文", "yun wen"),
        ("谌龙", "chen long"),
        ("繁文", "po wen"),
        ("秘文", "bi wen"),
        ("召明", "shao ming"),
        ("佘太君", "she tai jun"),
        ("郇文", "xun wen"),
        ("隗明", "wei ming"),
        ("种师道", "chong shi dao"),
        ("折文", "she wen"),
        ("令狐冲", "ling hu chong"),
        ("澹台明", "tan tai ming"),
        ("夏侯惇", "xia hou dun"),
        ("欧阳修", "ou yang xiu"),
        ("吕布", "lv bu"),
        ("王单", "wang dan"),
    ],
)
def test_a_person_is_read_by_the_surname(name: str, spoken: str) -> None:
    assert pinyin.reading(name) == spoken


def test_the_table_holds_at_least_forty_single_surnames_of_one_syllable() -> None:
    assert len(pinyin.SURNAMES) >= 40
    assert all(len(name) == 1 and said.isalpha() for name, said in pinyin.SURNAMES.items())
    assert all(len(name) == 2 and len(said.split()) == 2 for name, said in pinyin.DOUBLE_SURNAMES.items())


def test_an_organisation_has_no_surname() -> None:
    assert pinyin.plain_reading("区直机关") == "qu zhi ji guan"
    assert pinyin.plain_reading("单位党支部") == "dan wei dang zhi bu"


def test_a_transliterated_name_has_no_surname() -> None:
    assert pinyin.reading("单·买买提") == "dan mai mai ti"


def test_a_name_of_one_surname_only_is_read() -> None:
    assert pinyin.reading("单") == "shan"
    assert pinyin.reading("尉迟") == "yu chi"


def test_blanks_do_not_change_a_reading() -> None:
    assert pinyin.reading(" 单　小 明\n") == "shan xiao ming"
    assert pinyin.reading("") == "" == pinyin.initials("")


def test_names_come_in_the_order_of_their_readings() -> None:
    names = ["张伟", "单小明", "曾国强", "安平", "丹小明"]
    assert sorted(names, key=pinyin.reading) == ["安平", "丹小明", "单小明", "曾国强", "张伟"]


def test_initials_are_first_letters() -> None:
    assert pinyin.initials("单小明") == "sxm"
    assert pinyin.initials("欧阳修") == "oyx"


def test_grams_are_characters_and_pairs() -> None:
    assert pinyin.grams("单小明") == sorted(["单", "小", "明", "单小", "小明"])
    assert pinyin.grams("单　小明 ") == pinyin.grams("单小明")
    assert pinyin.grams("丽丽丽") == ["丽", "丽丽"]
    assert pinyin.grams("") == []


def test_a_middle_dot_is_found_however_it_is_typed() -> None:
    assert pinyin.grams("阿不都·买买提") == pinyin.grams("阿不都•买买提") == pinyin.grams("阿不都买买提")


@given(CHINESE_NAMES, st.data())
def test_every_part_of_a_name_finds_the_name(name: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    part = name[start : data.draw(st.integers(start + 1, len(name)))]
    assert set(pinyin.grams(part)) <= set(pinyin.grams(name))


@given(CHINESE_NAMES)
def test_every_chinese_name_has_ascii_initials(name: str) -> None:
    assert pinyin.is_initials(pinyin.initials(name))
    assert len(pinyin.initials(name)) == len(name)


@given(st.text())
def test_no_text_breaks_a_reading(name: str) -> None:
    assert pinyin.reading(name) == pinyin.reading(name).strip()
    assert pinyin.grams(name) == sorted(set(pinyin.grams(name)))


@pytest.mark.parametrize(
    ("query", "expected"), [("sxm", True), ("SXM", True), ("单", False), ("s1", False), ("", False)]
)
def test_only_ascii_letters_are_initials(query: str, expected: bool) -> None:
    assert pinyin.is_initials(query) is expected
