"""Has pandoc make Word files of the trees (*.pandoc.json) below DIR, and read
them back: our words survive, all of them and in our order. Exits with 1 where
they do not.

    pip install pypandoc-binary
    python3 through_docx.py DIR
"""

import json
import pathlib
import sys
import tempfile

import pypandoc
from trees import difference, text, words


def drawn(node):
    """The tree without pictures: a Word file has their words as properties,
    which pandoc does not read back."""
    if isinstance(node, list):
        return [drawn(child) for child in node]
    if not isinstance(node, dict):
        return node
    if node.get("t") == "Image":
        return {"t": "Str", "c": ""}
    return {key: drawn(child) for key, child in node.items()}


def main():
    faulty = False
    files = sorted(pathlib.Path(sys.argv[1]).rglob("*.pandoc.json"))
    with tempfile.TemporaryDirectory() as folder:
        word = pathlib.Path(folder, "edition.docx")
        for path in files:
            tree = drawn(json.loads(path.read_text(encoding="utf-8")))
            # A Word file has the summary as paragraphs of its own, under a
            # title of pandoc's.
            tree["meta"].pop("abstract", None)
            pypandoc.convert_text(json.dumps(tree), "docx", format="json", outputfile=str(word))
            back = json.loads(pypandoc.convert_file(str(word), "json", format="docx"))
            fault = difference(words(text(tree["blocks"])), words(text(drawn(back["blocks"]))))
            if fault:
                print(f"{path}: {fault}")
                faulty = True
    print(f"pandoc: {len(files)} trees made into Word files and read back")
    return 1 if faulty or not files else 0


if __name__ == "__main__":
    sys.exit(main())
