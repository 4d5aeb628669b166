"""Has pandoc read the DocBook editions below DIR: the words it finds in the
text are ours, all of them and in our order. Exits with 1 where they are not.

    pip install pypandoc-binary
    python3 read_docbook.py DIR
"""

import json
import pathlib
import sys
from xml.etree import ElementTree

import pypandoc
from trees import difference, text, words

DOCBOOK = "{http://docbook.org/ns/docbook}"
# Metadata, lists that pandoc makes itself or keeps for itself, and formulas, which it
# turns into TeX.
NOT_TEXT = {"info", "toc", "footnoteref", "equation", "informalequation", "inlineequation"}
INLINE = {
    "acronym", "citetitle", "code", "emphasis", "firstterm", "footnoteref", "imagedata", "imageobject",
    "inlinemediaobject", "keycap", "link", "phrase", "quote", "subscript", "superscript",
}  # fmt: skip
UNREAD_TITLES = {"glosslist", "bibliolist"}


def ours(element):
    """The text of an edition, with spaces between blocks."""
    name = element.tag.removeprefix(DOCBOOK) if isinstance(element.tag, str) else ""
    space = "" if name in INLINE else " "
    inner = "" if name in NOT_TEXT or not name else (element.text or "")
    if name not in NOT_TEXT:
        # Who is quoted comes first in DocBook, and last for readers.
        children = sorted(element, key=lambda child: child.tag == f"{DOCBOOK}attribution")
        # The titles that pandoc does not read.
        if name in UNREAD_TITLES:
            children = [child for child in children if child.tag != f"{DOCBOOK}title"]
        inner += "".join(ours(child) + (child.tail or "") for child in children)
    return space + inner + space


def main():
    faulty = False
    files = sorted(pathlib.Path(sys.argv[1]).rglob("*.xml"))
    for path in files:
        tree = json.loads(pypandoc.convert_file(str(path), "json", format="docbook"))
        fault = difference(words(ours(ElementTree.parse(path).getroot())), words(text(tree["blocks"])))
        if fault:
            print(f"{path}: {fault}")
            faulty = True
    print(f"pandoc: {len(files)} DocBook files read")
    return 1 if faulty or not files else 0


if __name__ == "__main__":
    sys.exit(main())
