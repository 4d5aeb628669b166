"""What Word documents hold that Chancery and pandoc make of the same text: numbers, captions,
references, notes, contents, pictures and language as Word has them, or as words.

    python3 benches/compare/word.py CHANCERY PANDOC
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

TEXT = """
# First steps

Words with a note.[^one] Again the first.[^one]
See {table} and {section}.

{above}
| A | B |
|---|---|
| 1 | 2 |
{below}

![A drawing](x.svg)

# Parts

[quatre mots]{{lang=fr}}

[^one]: The first note.
"""
FRONT = "---\ntitle: A sample\nlang: en-GB\ndate: 2026-01-15\n{more}---\n"
CHANCERY = FRONT.format(more="toc: 2\nnumbering: {sections: true}\n") + TEXT.format(
    table="[](#steps)", section="[](#parts)", above=':::table {#steps caption="Steps"}', below=":::")
PANDOC = FRONT.format(more="") + TEXT.format(
    table="[Table 1](#steps)", section="[Section 2](#parts)", above="", below="\n: Steps {#steps}")
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='90'><rect width='90' height='90'/></svg>"


def made(folder, command, text):
    """The parts of the Word document that a command makes of a text, as text."""
    (folder / "sample.md").write_text(text)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    archive = zipfile.ZipFile(folder / "out" / "sample.docx")
    return {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}


def traits(parts):
    """What is counted in a document, by what it is called."""
    text, styles = parts["word/document.xml"], parts["word/styles.xml"]
    fields = re.findall(r'<w:instrText[^>]*>\s*(\w+)|w:instr="\s*(\w+)', text)
    fields = [one or other for one, other in fields]
    heading = re.search(r'<w:style [^>]*w:styleId="Heading1".*?</w:style>', styles, re.S)
    names = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]*)"', text)
    return {
        "numbers of headings that Word counts": "w:numPr" in heading[0],
        "captions counted by a field": fields.count("SEQ"),
        "references that are fields": fields.count("REF"),
        "notes, of one that is called twice": len(re.findall("<w:footnote ", parts["word/footnotes.xml"])) - 2,
        "entries of the contents before Word makes them": len(re.findall(r'"(?:Toc|TOC)\d"', text)),
        "fields that Word makes anew when it opens the file, and asks": text.count("w:dirty"),
        "header rows marked": len(re.findall(r"<w:tblHeader\b", text)),
        "bookmarks with the name of another": len(names) - len({name.lower() for name in names}),
        "pixels beside a drawing": sum(name.endswith(".png") for name in parts),
        "language of the text": bool(re.search('<w:lang [^>]*w:val="en-GB"', styles)),
        "language of words in another": bool(re.search('<w:lang [^>]*w:val="fr"', text)),
        "size of the page": "w:pgSz" in text,
        "running head and number of the page": any("PAGE" in part for name, part in parts.items() if "footer" in name),
    }


def main(chancery, pandoc):
    chancery = str(pathlib.Path(chancery).resolve())
    options = ["sample.md", "--from", "markdown-implicit_figures", "--number-sections", "--toc", "--output", "out/sample.docx"]
    runs = {
        "Chancery": ([chancery, "build", "sample.md", "--to", "docx", "--out", "out"], CHANCERY),
        "pandoc": ([pandoc, *options, "--to", "docx"], PANDOC),
        "with `native_numbering`": ([pandoc, *options, "--to", "docx+native_numbering"], PANDOC),
    }
    found = {}
    for name, (command, text) in runs.items():
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "out").mkdir()
            (folder / "x.svg").write_text(DRAWING)
            found[name] = traits(made(folder, command, text))
    said = {True: "yes", False: "no"}
    print("| | " + " | ".join(found) + " |\n|:--" + "|--:" * len(found) + "|")
    for trait in found["Chancery"]:
        values = [said.get(value, value) if isinstance(value, bool) else value for value in
                  (document[trait] for document in found.values())]
        print(f"| {trait} | " + " | ".join(map(str, values)) + " |")


main(*sys.argv[1:])
