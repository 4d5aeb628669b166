"""Reads Word documents with python-docx, mammoth, pandoc and LibreOffice.

    python3 read.py CHANCERY FOLDER

The first three must find the words of one another, in order, as far as they read each part. The
pages that LibreOffice makes, which counts numbers anew, must show every word that the proof finds,
in order, but for notes, which stand at the feet of pages, and nothing that says that a field failed.
Of tracked changes only the last is looked for.
"""

import collections
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from pathlib import Path

import docx
import mammoth
import pypandoc
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

# What LibreOffice and Word show for a field that leads nowhere.
FAILED = re.compile(r"Error: Reference source not found|Error! |Fehler! ")
TRACKED = re.compile(r"<w:(ins|del|moveFrom|moveTo)[ >]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")
# Words of formulas are told in a form of the proof's own.
FORMULA = re.compile(r"[{}]")


def words(text):
    # Characters that no reader shows, and signs that are written in several ways.
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", "").replace("\u200b", ""))
    return re.findall(r"[^\W_]+", text)


def hunks(wanted, found):
    """The words that one side has alone, place by place. What is broken into words in another way
    is the same. GNU diff is fast where difflib is not."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder, name) for name in ("wanted", "found")]
        for name, content in zip(names, (wanted, found)):
            name.write_text("".join(word + "\n" for word in content))
        lines = subprocess.run(["diff", "-d", *names], capture_output=True, text=True).stdout.splitlines()
    hunk = ([], [])
    for line in lines + ["end"]:
        if line[:2] in ("< ", "> "):
            hunk[line[0] == ">"].append(line[2:])
        elif line != "---":
            if not hunk[0] or "".join(hunk[0]) not in "".join(hunk[1]):
                yield hunk
            hunk = ([], [])


def part(file, name):
    with zipfile.ZipFile(file) as archive:
        return archive.read(name).decode() if name in archive.namelist() else ""


def text_of(xml):
    return unescaped(re.sub(r"<[^>]*>", "", re.sub(r"</w:p>|<w:(br|tab)/>", " ", xml)))


def unescaped(text):
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def judge_pages(chancery, file, pdf):
    """What the pages do not show. Of text from right to left, pdftotext gives the signs in the
    order in which they are drawn."""
    pages = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", pdf, "-"], capture_output=True, text=True).stdout
    document, notes = part(file, "word/document.xml"), part(file, "word/footnotes.xml")
    if RIGHT_TO_LEFT.search(document):
        return
    if FAILED.search(pages) and not FAILED.search(text_of(document)):
        yield "a field failed"
    if TRACKED.search(document):
        # With both versions on the page, LibreOffice counts the numbers of both; what is left
        # when changes are accepted or rejected is for revisions.py to judge.
        return
    told = subprocess.run([chancery, "verify", "--words", file], capture_output=True, text=True, check=True).stdout
    told = re.sub(r"\\u\{[0-9a-f]+\}", "", told)
    told = [word for word in told.split("\n") if not word.startswith("→") and not FORMULA.search(word)]
    # Words that are heard only, and those that stand elsewhere.
    heard = words(unescaped(" ".join(re.findall(r'<wp:docPr [^>]*\bdescr="([^"]*)"', document + notes))))
    noted = words(text_of(notes)) + [str(at) for at in range(1, notes.count("<w:footnote "))]
    missing, elsewhere = collections.Counter(), collections.Counter()
    for lost, added in hunks(words("\n".join(told)), words(pages)):
        missing.update(lost)
        elsewhere.update(added)
    missing.subtract(heard)
    absent = +missing - elsewhere
    if absent:
        yield f"LibreOffice does not show {list(absent.items())[:8]}"
    misplaced = +missing - collections.Counter(noted)
    misplaced = [word for word in misplaced if word not in absent]
    if misplaced:
        yield f"LibreOffice shows in another order {misplaced[:8]}"


def judge(file):
    """What the libraries do not find."""
    document = docx.Document(file)
    # Where a note is called a word ends, also before a mark that is written.
    for call in document.element.body.iter(qn("w:footnoteReference")):
        call.addprevious(OxmlElement("w:tab"))
    headings = [p.text for p in document.paragraphs if p.style.name.lower().startswith("heading")]
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    body = words(" ".join(p.text for p in document.paragraphs))
    with open(file, "rb") as stream:
        result = mammoth.convert_to_html(stream)
    for problem in result.messages:
        if problem.type == "error":
            yield f"mammoth: {problem.message}"
    plain = pypandoc.convert_file(str(file), "plain", format="docx", extra_args=["--standalone", "--wrap=none", "--quiet"])
    for name, text in (("mammoth", unescaped(re.sub(r"<[^>]*>", " ", result.value))), ("pandoc", plain)):
        found = words(text)
        known = set(found)
        for part in headings + tables:
            missing = [word for word in words(part) if word not in known]
            if missing:
                yield f"{name} does not find {missing[:5]} of {part[:60]!r}"
        lost = [word for lost, _ in hunks(body, found) for word in lost]
        if len(lost) > len(body) * 0.02:
            yield f"python-docx and {name} find other words, or in another order: {lost[:8]}"
    if not document.core_properties.title or not document.core_properties.language:
        yield "no title, or no language"


def pages_of(files, folder):
    """A PDF of each file, by LibreOffice."""
    copies = []
    for at, file in enumerate(files):
        copies.append(Path(folder, f"{at}.docx"))
        shutil.copy(file, copies[-1])
    command = ["soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{folder}/profile"]
    subprocess.run([*command, "--convert-to", "pdf", "--outdir", folder, *copies], capture_output=True, timeout=600)
    return [copy.with_suffix(".pdf") for copy in copies]


def main(chancery, folder):
    faults = 0
    files = sorted(Path(folder).rglob("*.docx"))
    if not files:
        sys.exit(f"read.py: no Word documents in {folder}")
    with tempfile.TemporaryDirectory() as scratch:
        for file, pdf in zip(files, pages_of(files, scratch)):
            found = list(judge(file))
            found += judge_pages(chancery, file, pdf) if pdf.exists() else ["LibreOffice cannot make pages of it"]
            for fault in found:
                print(f"{file}: {fault}")
            faults += len(found)
    if not faults:
        print(f"python-docx, mammoth, pandoc and LibreOffice read {len(files)} Word documents")
    sys.exit(1 if faults else 0)


main(*sys.argv[1:])
