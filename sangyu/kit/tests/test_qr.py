"""A QR code is plain markup with a spoken name."""

from xml.etree import ElementTree

import pytest

from sangyu.kit import qr

ADDRESS = "https://sangyu.example.cn/i/7Q?x=1&y=2"


def test_the_markup_goes_into_a_page_as_it_is() -> None:
    drawing = qr.svg(ADDRESS, "签到二维码")
    assert drawing.startswith("<svg ")
    assert "<?xml" not in drawing
    assert "style=" not in drawing  # the content security policy would refuse it


def test_a_screen_reader_says_the_label() -> None:
    root = ElementTree.fromstring(qr.svg(ADDRESS, '请柬 "A" <1>'))
    assert root.get("role") == "img"
    assert root.get("aria-label") == '请柬 "A" <1>'


def test_it_is_sharp_and_can_be_sized_by_the_page() -> None:
    root = ElementTree.fromstring(qr.svg(ADDRESS, "请柬"))
    assert root.get("shape-rendering") == "crispEdges"
    assert root.get("class") == "qr"
    assert (root.get("viewBox") or "").startswith("0 0 ")


def test_another_text_is_another_drawing() -> None:
    assert qr.svg(ADDRESS, "请柬") != qr.svg(ADDRESS + "0", "请柬")


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError):
        qr.svg("长" * 3000, "请柬")
