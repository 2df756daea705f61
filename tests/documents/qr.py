"""A reader of the QR codes on our papers (versions 4 and 5, level M, undamaged), written from ISO/IEC 18004."""

import ctypes

import pypdfium2
import pypdfium2.raw as pdfium_c

_SIZES = {33: 64, 37: 86}  # modules of a side: data codewords, in two blocks
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_MASKS = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def read_qr(data):
    """What the QR code on the first page says, as it looks when the page is drawn."""
    page = pypdfium2.PdfDocument(data)[0]
    shapes = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH])
    code = max(shapes, key=lambda each: pdfium_c.FPDFPath_CountSegments(each.raw))
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium_c.FPDFPageObj_GetBounds(code.raw, left, bottom, right, top)
    picture = page.render(scale=8).to_pil().convert("1")
    for side in _SIZES:
        step = (right.value - left.value) / side
        modules = [
            [
                picture.getpixel(
                    (
                        int((left.value + (c + 0.5) * step) * 8),
                        int((page.get_height() - top.value + (r + 0.5) * step) * 8),
                    )
                )
                == 0
                for c in range(side)
            ]
            for r in range(side)
        ]
        if all(modules[6][c] == (c % 2 == 0) for c in range(8, side - 8)):
            return _decoded(modules, side)
    raise AssertionError("no QR code of a known size")


def _decoded(modules, side):
    form = [modules[8][c] for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [modules[r][8] for r in (7, 5, 4, 3, 2, 1, 0)]
    fields = _number(form) ^ 0x5412
    assert fields >> 13 == 0, "level M"
    mask = _MASKS[fields >> 10 & 7]
    stream = [modules[r][c] ^ (mask(r, c) == 0) for r, c in _way(side)]
    words = [_number(stream[at : at + 8]) for at in range(0, _SIZES[side] * 8, 8)]
    bits = [word >> at & 1 for word in words[0::2] + words[1::2] for at in range(7, -1, -1)]
    mode = _number(bits[:4])
    if mode == 4:
        length, start = _number(bits[4:12]), 12
        return bytes(_number(bits[start + at * 8 : start + at * 8 + 8]) for at in range(length)).decode()
    assert mode == 2
    length, at, text = _number(bits[4:13]), 13, ""
    while len(text) < length - 1:
        first, second = divmod(_number(bits[at : at + 11]), 45)
        text, at = text + _LETTERS[first] + _LETTERS[second], at + 11
    return text if len(text) == length else text + _LETTERS[_number(bits[at : at + 6])]


def _way(side):
    """The places of the data, in their order."""
    up = True
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        for r in range(side - 1, -1, -1) if up else range(side):
            for c in (right, right - 1):
                finder = (r < 9 and (c < 9 or c > side - 9)) or (r > side - 9 and c < 9)
                aligned = abs(r - side + 7) <= 2 and abs(c - side + 7) <= 2
                if not (finder or aligned or r == 6):
                    yield r, c
        up = not up


def _number(bits):
    return int("".join("1" if bit else "0" for bit in bits), 2)
