"""Readings of Chinese names, for order and for search: the database has no Chinese collation everywhere."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin
from pypinyin.seg import mmseg

# Middle dots of names such as 阿卜杜拉·买买提: keyboards and rosters write at least these.
HAN = re.compile("[\u4e00-\u9fff]+")
DOTS = frozenset("·•・‧∙⋅.")

# Characters that are read otherwise as a surname, or that dictionaries of words get wrong.
SURNAMES = {
    "单": "shan", "仇": "qiu", "曾": "zeng", "解": "xie", "翟": "zhai", "查": "zha", "区": "ou", "朴": "piao",
    "覃": "qin", "任": "ren", "盖": "ge", "乐": "yue", "华": "hua", "纪": "ji", "宁": "ning", "缪": "miao",
    "冼": "xian", "洗": "xian", "逄": "pang", "员": "yun", "谌": "chen", "繁": "po", "秘": "bi", "晁": "chao",
    "卜": "bu", "尹": "yin", "召": "shao", "燕": "yan", "牟": "mu", "佘": "she", "郇": "xun", "隗": "wei",
    "种": "chong", "折": "she", "祭": "zhai", "眭": "sui", "訾": "zi", "乜": "nie", "郗": "xi", "郄": "qie",
    "瞿": "qu", "臧": "zang", "藏": "zang", "宿": "su", "阚": "kan", "都": "du", "相": "xiang", "贾": "jia",
    "柏": "bai", "薄": "bo", "盛": "sheng", "强": "qiang", "阙": "que", "隽": "juan", "宓": "mi", "逯": "lu",
    "禚": "zhuo", "禤": "xuan", "厍": "she", "撒": "sa", "哈": "ha", "那": "na", "车": "che", "应": "ying",
    "占": "zhan", "石": "shi", "万": "wan", "尉": "wei", "葛": "ge", "过": "guo", "能": "nai", "黑": "hei",
    "长": "zhang", "曲": "qu", "沈": "shen", "冯": "feng", "殷": "yin", "夏": "xia", "俞": "yu", "於": "yu",
}  # fmt: skip

DOUBLE_SURNAMES = {
    "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "澹台": "tan tai", "令狐": "ling hu",
    "夏侯": "xia hou", "呼延": "hu yan", "诸葛": "zhu ge", "欧阳": "ou yang", "司徒": "si tu", "司马": "si ma",
    "司空": "si kong", "上官": "shang guan", "皇甫": "huang fu", "宇文": "yu wen", "慕容": "mu rong",
    "公孙": "gong sun", "独孤": "du gu", "南宫": "nan gong", "端木": "duan mu", "轩辕": "xuan yuan",
    "钟离": "zhong li", "濮阳": "pu yang", "淳于": "chun yu", "申屠": "shen tu", "赫连": "he lian",
    "鲜于": "xian yu", "拓跋": "tuo ba", "乐正": "yue zheng", "宰父": "zai fu", "亓官": "qi guan",
    "子车": "zi ju", "谷梁": "gu liang", "百里": "bai li", "闻人": "wen ren", "东郭": "dong guo",
}  # fmt: skip

_ANY = (
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|ia|ie|in"
    "|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v)|ang|eng|ai|an|ao|ei|en|er|ou|a|e|o)"
)
SYLLABLE = re.compile(f"{_ANY}(?={_ANY}*$)")  # each as long as leaves whole syllables: jian guo, not jiang uo


def reading(name: str) -> str:
    """Sort key of a person's name, surname first: "单小明" is "shan xiao ming"; ü is written v.

    A name with a middle dot is a transliteration and has no Chinese surname to look up.
    """
    bare = plain(name)
    if DOTS.intersection(name):
        return _spoken(bare)
    for length, table in ((2, DOUBLE_SURNAMES), (1, SURNAMES)):
        if surname := table.get(bare[:length]):
            return f"{surname} {_spoken(bare[length:])}".rstrip()
    return _spoken(bare)


def plain_reading(name: str) -> str:
    """Sort key of an organisation's or a place's name, where 区 and 单 are no surnames."""
    return _spoken(plain(name))


def initials(name: str) -> str:
    """First letters of a person's name: "单小明" is "sxm"."""
    return first_letters(reading(name))


def grams(name: str) -> list[str]:
    """Every character and every two neighbours, sorted, once each: a name holds a query if it holds its grams.

    Blanks, middle dots and case do not count. (Trigrams of the database find nothing in names of two characters.)
    """
    bare = plain(name)
    return sorted(set(bare) | {bare[at : at + 2] for at in range(len(bare) - 1)})


def is_initials(query: str) -> bool:
    """Whether a query is to be looked up by first letters: ASCII letters only."""
    letters = plain(query)
    return letters.isascii() and letters.isalpha()


def spelled(query: str) -> str:
    """A query of whole syllables as readings are written: "WangJian" is "wang jian"; '' where it is something else.

    What could be both is taken as syllables: "ma" finds those called 马, not somebody with the initials m, a.
    """
    words = [plain(word).replace("ü", "v") for word in query.split()]
    found = [SYLLABLE.findall(word) for word in words]
    whole = all("".join(one) == word for one, word in zip(found, words, strict=True))
    return " ".join(syllable for one in found for syllable in one) if whole else ""


def plain(name: str) -> str:
    """A name or a query as it is compared: no blanks, no middle dots, half-width, small letters."""
    letters = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in letters if letter.isprintable() and not letter.isspace() and letter not in DOTS)


def _spoken(bare: str) -> str:
    """The words that the dictionary knows are read as such, all else letter by letter."""
    if not HAN.fullmatch(bare):
        return _word(bare)
    return " ".join(map(_word, mmseg.seg.cut(bare)))


@lru_cache(maxsize=20_000)
def _word(text: str) -> str:
    # Words repeat where names do not: big rosters are read three times as fast.
    return " ".join(lazy_pinyin(text))


def first_letters(words: str) -> str:
    """First letters of a reading."""
    return "".join(word[0] for word in words.split())
