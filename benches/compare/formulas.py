"""Sets the formulas of the specimen beside LaTeX's and Chromium's, to be looked at.

    cargo build && python3 benches/compare/formulas.py FOLDER

writes into the folder, at 200 dots an inch, the pages of the PDF (`chancery-1.png` …), those
that LaTeX sets of the same formulas (`latex-1.png` …), and the page of HTML as Chromium shows
it (`chromium.png`). It needs Debian's texlive-latex-recommended, poppler-utils and chromium,
and nothing else of the project does.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPECIMEN = ROOT / "tests/specimens/source/formulas.md"
DPI = 200

PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage{amsmath,amssymb}
\DeclareMathOperator{\Var}{Var}
\pagestyle{empty}
\begin{document}
"""


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL, **options)


def formulas(text):
    return [formula.strip() for formula in re.findall(r"^```math[^\n]*\n(.*?)^```", text, re.M | re.S)]


def latex(folder, all_formulas):
    body = "\n".join(f"\\begin{{equation}}\n{formula}\n\\end{{equation}}" for formula in all_formulas)
    (folder / "latex.tex").write_text(PREAMBLE + body + "\n\\end{document}\n")
    run("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "latex.tex", cwd=folder)
    run("pdftoppm", "-r", DPI, "-png", "latex.pdf", "latex", cwd=folder)


def own(folder):
    program = ROOT / "target/debug/chancery"
    for edition in ["pdf", "html"]:
        run(program, "build", SPECIMEN, "--to", edition, "--out", folder, "--quiet")
    run("pdftoppm", "-r", DPI, "-png", "formulas.pdf", "chancery", cwd=folder)


def chromium(folder):
    run(
        "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--force-device-scale-factor={DPI / 96}", "--window-size=800,7000",
        f"--screenshot={folder / 'chromium.png'}", (folder / "formulas.html").as_uri(),
        stderr=subprocess.DEVNULL,
    )


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    found = formulas(SPECIMEN.read_text())
    latex(folder, found)
    own(folder)
    chromium(folder)
    print(f"{len(found)} formulas in {folder}")


main()
