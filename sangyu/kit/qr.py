"""QR codes as SVG inside the page: no image request, sharp on paper."""

from html import escape

import segno

WIDTH = 200  # CSS pixels, when the style sheet does not say otherwise


def svg(text: str, label: str) -> str:
    """Markup of a QR code that holds `text`; a screen reader says `label`. Raises ValueError if the text is too long.

    A quiet zone of 4 modules and a white ground are part of it (GB/T 18284): it also reads on a dark page.
    """
    code = segno.make_qr(text, error="m", boost_error=False)
    drawing = code.svg_inline(omitsize=True, dark="#000", light="#fff", svgclass="qr")
    size = f'width="{WIDTH}" height="{WIDTH}" shape-rendering="crispEdges"'
    return drawing.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" {size} ', 1)
