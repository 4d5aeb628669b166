#!/usr/bin/env python3
"""Our own check of PDF rules and veraPDF say the same of a good file and of
files that are broken on purpose, each in one way.

    .ci/pdf/agree.py CHANCERY JARS FILE

FILE is an edition with tables, figures, notes and links; JARS the folder that
check.sh puts veraPDF into. Needs java and qpdf.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# What is changed: a pattern and as many bytes to put in place of its first
# match, so that the file stays whole.
BREAKS = {
    "nesting": (rb"/S /TR\b", rb"/S /TH"),
    "type": (rb"/S /Figure\b", rb"/S /Figurf"),
    "width": (rb"(/W \[\s+\d+\s+\[\s+)(\d)", rb"\g<1>9"),
    "alternative": (rb"/Alt (?=[(<])", rb"/Alz "),
    "marked": (rb"/Marked true", rb"/Marked null"),
    "title-shown": (rb"/DisplayDocTitle true", rb"/DisplayDocTitle null"),
    "tab-order": (rb"/Tabs /S", rb"/Tabs /R"),
    "contents": (rb"/Contents (?=[(<])", rb"/Contentz "),
    "unicode": (rb"/ToUnicode ", rb"/ToUnicodf "),
    "glyph-map": (rb"/CIDToGIDMap ", rb"/CIDToGIDMaq "),
    "encoding": (rb"/Encoding ", rb"/Encodinh "),
    "intent": (rb"/GTS_PDFA1", rb"/GTS_PDFA9"),
    "flags": (rb"/F 4\b", rb"/F 2"),
    "embedding": (rb"/FontFile2 ", rb"/FontFilf2 "),
    "scope": (rb"/Scope /Column", rb"/Scopf /Column"),
    "heading": (rb"/S /H2\b", rb"/S /H5"),
    "note-id": (rb"/ID \(note", rb"/IX (note"),
    "annotation-parent": (rb"/StructParent ", rb"/StructParenz "),
    "language": (rb"/Lang (?=\([^)]*\)\s*/MarkInfo)", rb"/Lanz "),
    "structure": (rb"/StructTreeRoot (?=\d+ 0 R)", rb"/StructTreeRoos "),
    "metadata": (rb"/Metadata (?=\d+ 0 R)", rb"/Metadatb "),
    "row-span": (rb"/RowSpan 2", rb"/RowSpan 3"),
    # A byte longer than `URI`.
    "action": (rb"/S /URI\s", rb"/S /Hide"),
}


def broken(data, pattern, replacement):
    changed = re.sub(pattern, replacement, data, count=1)
    if changed == data or len(changed) != len(data):
        sys.exit(f"agree.py: {pattern!r} changes nothing, or the length of the file")
    return changed


def vera(jars, profile, files):
    command = ["java", "-Xmx1g", "-cp", f"{jars}/*", "org.verapdf.apps.GreenfieldCliWrapper", "-f", profile,
               "--format", "text", *map(str, files)]
    said = subprocess.run(command, capture_output=True, text=True).stdout
    return {pathlib.Path(line.split(" ", 1)[1].split(".pdf")[0]).name for line in said.splitlines() if line.startswith("PASS")}


def main(chancery, jars, file):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        whole = scratch / "whole.pdf"
        subprocess.run(["qpdf", "--object-streams=disable", "--newline-before-endstream", file, whole], check=True)
        data = whole.read_bytes()
        files = [whole]
        for name, (pattern, replacement) in BREAKS.items():
            path = scratch / f"{name}.pdf"
            path.write_bytes(broken(data, pattern, replacement))
            files.append(path)
        passed = vera(jars, "ua1", files) & vera(jars, "2a", files)
        faults = 0
        for path in files:
            run = subprocess.run([chancery, "verify", "--rules", path], capture_output=True, text=True)
            theirs, ours = path.stem in passed, run.returncode == 0
            wanted = path == whole
            if not (theirs == ours == wanted):
                faults += 1
                print(f"FAULT {path.stem}: veraPDF {'passes' if theirs else 'fails'} it, Chancery "
                      f"{'passes' if ours else 'fails'} it\n{run.stdout}{run.stderr}", file=sys.stderr)
        if faults:
            sys.exit(1)
        print(f"veraPDF and Chancery agree on {len(files)} files, {len(BREAKS)} of them broken")


if __name__ == "__main__":
    main(*sys.argv[1:])
