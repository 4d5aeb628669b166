"""Looks at a PDF file as a reader would.

    look.py FILE

pdftotext and mutool must read the same words on every page; no text may
overlap other text or leave its page; nothing may touch a page's edge.
"""

import re
import subprocess
import sys
import xml.etree.ElementTree as xml
from collections import Counter

# The part of a glyph's box that ink is sure to fill, in font sizes above the
# baseline: letters of neighbouring lines may share ascents and descents.
CORE_TOP = 0.45
# Share of a core that another one may cover: kerned and italic letters touch.
TOLERANCE = 0.35
# Resolution of the picture in which the edges are looked at, and their width.
DPI = 36
EDGE_PIXELS = 2
SHOWN = 3
# Type larger than this is a watermark, which lies under the text by intent.
LARGEST = 80
FORMULAS = "STIXTwoMath"
# Letters of polytonic Greek: their marks may reach over the gap before them.
POLYTONIC = re.compile("[\u1f00-\u1fff]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def words(text):
    """Words and signs, hyphenation undone, without joiners and direction marks.

    How wide a gap is a space is for each tool to guess, so `word ?` is `word?`,
    and a raised number may touch the word beside it.
    """
    text = re.sub("\u00ad\\s*", "", text)
    text = re.sub("[\u2060\ufeff]", "", text)
    text = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", " ", text)
    return re.findall(r"\d+|[^\W\d]+|[^\w\s]", text)


def counted(found):
    """Counts words; of polytonic Greek, letters."""
    count = Counter()
    for word in found:
        count.update(word if POLYTONIC.search(word) else [word])
    return count


def compare_words(path, faults):
    # In its raw order pdftotext keeps a hyphen that the author wrote where a
    # line ends; otherwise it takes every such hyphen for hyphenation.
    raw = run("pdftotext", "-raw", path, "-").decode().split("\f")[:-1]
    ordered = run("pdftotext", path, "-").decode().split("\f")[:-1]
    mupdf = run("mutool", "draw", "-q", "-F", "text", path).decode().split("\f")
    for number, (one, rearranged, other) in enumerate(zip(raw, ordered, mupdf), 1):
        if RIGHT_TO_LEFT.search(rearranged):
            # The raw order has such words letter by letter, and mutool sets no
            # space between cells whose order is from right to left.
            one, other = (Counter("".join(words(text))) for text in (rearranged, other))
        else:
            one, other = counted(words(one)), counted(words(other))
        # Where a gap is narrow, as on a tight line, pdftotext sees it in one of its
        # orders only.
        if one != other and counted(words(rearranged)) != other:
            extra, missing = list(one - other)[:SHOWN], list(other - one)[:SHOWN]
            faults.append(f"page {number}: pdftotext reads {extra}, mutool {missing}")


def cores(page):
    """Yields line, left, top, right, bottom of each visible glyph's core."""
    for number, line in enumerate(page.iter("line")):
        for font in line.iter("font"):
            size = float(font.get("size"))
            # Signs of formulas stand over and under one another.
            if size > LARGEST or FORMULAS in font.get("name", ""):
                continue
            for char in font.iter("char"):
                if char.get("c", "").strip():
                    quad = [float(value) for value in char.get("quad").split()]
                    baseline = float(char.get("y"))
                    left, right = min(quad[0::2]), max(quad[0::2])
                    yield number, left, baseline - CORE_TOP * size, right, baseline, char.get("c")


def check_places(path, faults):
    root = xml.fromstring(run("mutool", "draw", "-q", "-F", "stext", path))
    for number, page in enumerate(root.iter("page"), 1):
        width, height = float(page.get("width")), float(page.get("height"))
        seen = {}
        for core in cores(page):
            line, left, top, right, bottom, letter = core
            if left < -0.5 or right > width + 0.5 or top < 0 or bottom > height:
                faults.append(f"page {number}: {letter!r} leaves the page")
                break
            area = max((right - left) * (bottom - top), 1e-6)
            cells = {(int(x) // 20, int(y) // 20) for x in (left, right) for y in (top, bottom)}
            others = {other for cell in cells for other in seen.get(cell, ())}
            hit = next((o for o in others if o[0] != line and shared(core, o) > TOLERANCE * area), None)
            if hit:
                faults.append(f"page {number}: {letter!r} lies on {hit[5]!r} at {left:.0f},{bottom:.0f}")
                break
            for cell in cells:
                seen.setdefault(cell, []).append(core)


def shared(a, b):
    across = min(a[3], b[3]) - max(a[1], b[1])
    down = min(a[4], b[4]) - max(a[2], b[2])
    return across * down if across > 0 and down > 0 else 0


def check_edges(path, faults):
    data = run("pdftoppm", "-gray", "-r", str(DPI), path)
    offset, number = 0, 0
    while offset < len(data):
        number += 1
        header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", data[offset : offset + 64])
        width, height = int(header[1]), int(header[2])
        start = offset + header.end()
        rows = [data[start + y * width : start + (y + 1) * width] for y in range(height)]
        sides = {
            "top": b"".join(rows[:EDGE_PIXELS]),
            "bottom": b"".join(rows[-EDGE_PIXELS:]),
            "left": b"".join(row[:EDGE_PIXELS] for row in rows),
            "right": b"".join(row[-EDGE_PIXELS:] for row in rows),
        }
        for side, pixels in sides.items():
            # A ground may reach the edge; ink on it may not.
            if max(pixels) - min(pixels) > 24:
                faults.append(f"page {number}: something touches the {side} edge")
        offset = start + width * height


def main():
    path, faults = sys.argv[1], []
    compare_words(path, faults)
    check_places(path, faults)
    check_edges(path, faults)
    print("; ".join(faults[:SHOWN]))
    sys.exit(bool(faults))


main()
