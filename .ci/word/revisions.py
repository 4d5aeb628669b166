"""Has LibreOffice accept and reject all changes of redlines.

    python3 revisions.py NEW.docx OLD.docx CHANGES.docx

With all changes accepted the third must say the words of the first, with all rejected those of
the second. Each is read by LibreOffice, which counts numbers anew; words that fields show are
left out, as it does not make all of them anew.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue

PORT = 2083


def value(name, content):
    made = PropertyValue()
    made.Name, made.Value = name, content
    return made


def connect(profile):
    office = subprocess.Popen([
        "soffice", "--headless", "--norestore", f"-env:UserInstallation=file://{profile}",
        f"--accept=socket,host=localhost,port={PORT};urp;",
    ])
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(120):
        try:
            return office, resolver.resolve(f"uno:socket,host=localhost,port={PORT};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.5)
    office.kill()
    sys.exit("revisions.py: LibreOffice does not answer")


def paragraphs(text):
    """The words of each paragraph, tables and all, with the number that LibreOffice counted."""
    for part in text.createEnumeration():
        if part.supportsService("com.sun.star.text.TextTable"):
            for name in part.CellNames:
                yield from paragraphs(part.getCellByName(name))
            continue
        if re.match(r"(contents|toc|table of figures|figure index)", part.ParaStyleName.lower()):
            continue
        said = ""
        for portion in part.createEnumeration():
            if portion.TextPortionType in ("Text", "TextField"):
                said += portion.String
            elif portion.TextPortionType == "Footnote":
                # Its number, be it counted or written.
                said += portion.Footnote.Label or portion.Footnote.Anchor.String
        yield f"{part.ListLabelString if part.NumberingIsNumber and said.strip() else ''} {said}"


def words(desktop, context, path, command=None):
    document = desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, (value("Hidden", True),))
    try:
        if command:
            helper = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
            helper.executeDispatch(document.CurrentController.Frame, f".uno:{command}", "", 0, ())
        lines = list(paragraphs(document.Text))
        notes = document.Footnotes
        for at in range(notes.Count):
            lines += paragraphs(notes.getByIndex(at))
        return re.findall(r"\w+", " ".join(lines))
    finally:
        document.close(False)


def main(arguments):
    faults = 0
    with tempfile.TemporaryDirectory() as profile:
        office, context = connect(profile)
        try:
            desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
            for new, old, changes in zip(*[iter(map(Path, arguments))] * 3):
                for side, command in ((new, "AcceptAllTrackedChanges"), (old, "RejectAllTrackedChanges")):
                    wanted, found = words(desktop, context, side), words(desktop, context, changes, command)
                    if wanted != found:
                        faults += 1
                        pairs = zip(wanted + [""] * len(found), found + [""] * len(wanted))
                        at = next(i for i, (one, other) in enumerate(pairs) if one != other)
                        before, behind = max(at - 5, 0), at + 10
                        print(f"{changes}: {command}: {found[before:behind]}, and not {wanted[before:behind]}")
            desktop.terminate()
        except Exception as error:
            print(f"revisions.py: {error}")
            faults += 1
        office.wait(timeout=30)
    sys.exit(1 if faults else 0)


main(sys.argv[1:])
