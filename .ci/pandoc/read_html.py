"""Has pandoc read the HTML editions below DIR: the words it finds are ours, and
all of them. Their order is not asked for: pandoc puts notes where they are
referred to and captions first. Exits with 1 where words are lost or added.

    pip install pypandoc-binary
    python3 read_html.py DIR
"""

import html.parser
import json
import pathlib
import sys
from collections import Counter

import pypandoc
from trees import text, words

INLINE = {
    "a", "abbr", "b", "bdi", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u",
}  # fmt: skip


class Reader(html.parser.HTMLParser):
    """The text of a page's main part, with spaces between blocks. The rest is
    the way through the collection, which pandoc leaves out."""

    def __init__(self):
        super().__init__()
        self.text, self.inside, self.note, self.formula = "", False, False, False

    def add(self, text):
        self.text += text if self.inside and not self.note and not self.formula else ""

    def handle_starttag(self, tag, attrs):
        self.inside |= tag == "main"
        # The number of a note; pandoc counts notes itself.
        self.note |= dict(attrs).get("role") == "doc-noteref"
        # Pandoc turns formulas into TeX.
        self.formula |= tag == "math"
        self.add("" if tag in INLINE else " ")
        if tag == "img":
            self.add(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag):
        self.inside &= tag != "main"
        self.note &= tag != "a"
        self.formula &= tag != "math"
        self.add("" if tag in INLINE else " ")

    def handle_data(self, data):
        self.add(data)


def main():
    faulty = False
    files = sorted(pathlib.Path(sys.argv[1]).rglob("*.html"))
    for path in files:
        reader = Reader()
        reader.feed(path.read_text(encoding="utf-8"))
        tree = json.loads(pypandoc.convert_file(str(path), "json", format="html"))
        ours, pandocs = Counter(words(reader.text)), Counter(words(text(tree["blocks"])))
        # A note that is referred to twice is there twice.
        lost, added = dict(ours - pandocs), set(pandocs) - set(ours)
        if lost or added:
            print(f"{path}: lost {lost}, added {added}")
            faulty = True
    print(f"pandoc: {len(files)} HTML files read")
    return 1 if faulty or not files else 0


if __name__ == "__main__":
    sys.exit(main())
