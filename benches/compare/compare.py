"""Compares Chancery with Typst: CPU seconds, peak memory and file size.

Run `python3 benches/compare/compare.py` from anywhere. It builds Chancery in
release mode, installs Typst's compiler from PyPI into `target/compare`, and
writes its documents there. Both make a PDF that claims PDF/UA-1 and PDF/A-2a.
Each document is compiled several times in turns; the least counts, because the
machine's other work can only add to it.

`--scale` shows instead how time and memory grow from 10 to 10,000 pages.
"""

import subprocess
import sys
import venv
from pathlib import Path

from measure import WORK, Cost, best, chancery, project

TYPST = "typst==0.15.2"
# name, paragraphs, pictures, rounds: the shorter a run is, the more of them it
# takes until one was not disturbed.
DOCUMENTS = [("brief", 8, 0, 30), ("report", 360, 0, 15), ("book", 3020, 22, 7)]
SCALE = [("pages-10", 40, 0), ("pages-100", 400, 0), ("pages-1000", 4000, 0), ("pages-10000", 40000, 0)]
COMPILE = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], pdf_standards=['ua-1', 'a-2a'])"
IDLE = "import sys, typst"


def typst():
    """Installs Typst; returns the Python that has it."""
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", TYPST], check=True)
    return python


def make(folder, seed, name, *shape):
    """Writes a document, in a process of its own to keep this one small. Its shape is so many
    paragraphs and pictures, and channels of these."""
    script = Path(__file__).with_name("documents.py")
    subprocess.run([sys.executable, script, folder, name, str(seed), *map(str, shape)], check=True)


def compare(program):
    """Prints the table of Chancery beside Typst."""
    python = typst()
    idle = best({"idle": [python, "-c", IDLE]}, WORK, 30)["idle"]
    print("| document | | CPU s | peak MB | file KB | CPU | memory | size |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    for seed, (name, paragraphs, pictures, rounds) in enumerate(DOCUMENTS):
        folder = project(name)
        make(folder, seed, name, paragraphs, pictures)
        commands = {
            "Typst": [python, "-c", COMPILE, f"{name}.typ", f"{name}-typst.pdf"],
            "Chancery": [program, "build", f"{name}.md", "--to", "pdf", "--out", "out", "--quiet"],
        }
        costs = best(commands, folder, rounds)
        # What it costs to start Python is not Typst's.
        other = costs["Typst"]
        costs["Typst"] = Cost(other.cpu - idle.cpu, other.wall - idle.wall, other.memory - idle.memory, 0)
        sizes = {
            "Typst": (folder / f"{name}-typst.pdf").stat().st_size / 1024,
            "Chancery": (folder / "out" / f"{name}.pdf").stat().st_size / 1024,
        }
        for tool, cost in costs.items():
            measured = f"{cost.cpu:.3f} | {cost.memory:.0f} | {sizes[tool]:.0f}"
            of = costs["Typst"]
            shares = [cost.cpu / of.cpu, cost.memory / of.memory, sizes[tool] / sizes["Typst"]]
            ratios = " | ".join(f"{share:.2f}" if tool == "Chancery" else "1" for share in shares)
            print(f"| {name} | {tool} | {measured} | {ratios} |", flush=True)
    print(f"\nTaken off Typst's: {idle.cpu:.3f} s and {idle.memory:.0f} MB of an idle Python.")


def waiting(program):
    """Prints how long a writer waits for a brief, by the clock."""
    folder = project("brief")
    source = folder / "brief.md"
    build = [program, "build", "brief.md", "--quiet", "--out", "out"]
    ways = {
        "edit to page (PDF)": build + ["--to", "pdf"],
        "edit to page (HTML)": build + ["--to", "html"],
        "all editions": build,
        "check": [program, "check", "brief.md"],
    }
    print("\n| a brief, files warm | ms by the clock | CPU ms |")
    print("|---|---:|---:|")
    text = source.read_text()
    for name, command in ways.items():
        cost = None
        for number in range(20):
            source.write_text(f"{text}\nEdit {number}.\n")
            now = best({name: command}, folder, 1)[name]
            cost = now.least(cost) if cost else now
        print(f"| {name} | {cost.wall * 1000:.1f} | {cost.cpu * 1000:.1f} |")
    source.write_text(text)


def grow(program):
    """Prints what ten times the pages cost."""
    print("| document | CPU s | peak MB | file KB |")
    print("|---|---:|---:|---:|")
    for seed, (name, paragraphs, pictures) in enumerate(SCALE):
        folder = project(name)
        make(folder, seed, name, paragraphs, pictures)
        cost = best({name: [program, "build", f"{name}.md", "--to", "pdf", "--out", "out", "--quiet"]}, folder, 2)[name]
        size = (folder / "out" / f"{name}.pdf").stat().st_size / 1024
        print(f"| {name} | {cost.cpu:.3f} | {cost.memory:.0f} | {size:.0f} |", flush=True)


if __name__ == "__main__":
    if "--scale" in sys.argv:
        grow(chancery())
    else:
        tool = chancery()
        compare(tool)
        waiting(tool)
