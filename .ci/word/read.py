"""Reads Word documents with python-docx and mammoth: both must find the words of the text
edition beside them, in order, as far as they read each part."""

import re
import sys
from pathlib import Path

import docx
import mammoth


def words(text):
    return re.findall(r"\w+", text)


def in_order(found, wanted):
    """How many of the words that were found are among the wanted ones, in order."""
    place = iter(wanted)
    return sum(any(word == other for other in place) for word in found)


def main(folder):
    faults = 0
    files = sorted(Path(folder).rglob("*.docx"))
    if not files:
        sys.exit(f"read.py: no Word documents in {folder}")
    for file in files:
        document = docx.Document(file)
        headings = [p.text for p in document.paragraphs if p.style.name.lower().startswith("heading")]
        tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        with open(file, "rb") as stream:
            result = mammoth.convert_to_html(stream)
        html = result.value
        plain = words(re.sub(r"<[^>]*>", " ", html))
        for problem in result.messages:
            if problem.type == "error":
                print(f"{file}: mammoth: {problem.message}")
                faults += 1
        known = set(plain)
        for part in headings + tables:
            missing = [word for word in words(part) if word not in known]
            if missing:
                print(f"{file}: mammoth does not find {missing[:5]} of {part[:60]!r}")
                faults += 1
        body = words(" ".join(p.text for p in document.paragraphs))
        if in_order(body, plain) < len(body) * 0.98:
            print(f"{file}: the two readers find other words, or in another order")
            faults += 1
        if not document.core_properties.title or not document.core_properties.language:
            print(f"{file}: no title, or no language")
            faults += 1
    sys.exit(1 if faults else 0)


main(sys.argv[1])
