"""What matters most, of one program or of two beside each other: one document as PDF, with
and without the proof, and the builds of a project of many.

    python3 benches/compare/core.py PROGRAM [OTHER] [--documents N] [--rounds N] [--words FOLDER] [--warm]

The programs are measured in turns; the least of several runs counts. Each figure of the second
program is also given as a share of the first one's. `--warm` adds what a change costs in a
process that knows the document, which is measured of the sources here (`cargo bench`).
"""

import argparse
import pathlib
import subprocess

import compare
import measure
import rebuild

# What is made, its seed, paragraphs, pictures and channels of these, and how often it is measured.
DOCUMENTS = {
    "brief": (0, 8, 0, 3, 30),
    "report": (1, 360, 0, 3, 15),
    "report with ten pictures that have opacity": (1, 360, 10, 4, 10),
    "book with 22 pictures": (2, 3020, 22, 3, 5),
    "book with 22 pictures that have opacity": (2, 3020, 22, 4, 5),
}


def single(programs, scale):
    """What one document costs, by what it is and by program."""
    for number, (what, (seed, *shape, rounds)) in enumerate(DOCUMENTS.items()):
        folder = measure.project(f"core-{number}")
        compare.make(folder, seed, "document", *shape)
        for proof in [[], ["--verify"]]:
            commands = {
                name: [program, "build", "document.md", "--to", "pdf", "--out", "out", "--quiet", *proof]
                for name, program in programs.items()
            }
            work = f"{what}, proved" if proof else what
            yield work, measure.best(commands, folder, max(1, round(rounds * scale)))


def many(programs, documents, words):
    """What the builds of many documents cost."""
    prose = rebuild.paragraphs(words, 1)
    costs = {work: {} for work in rebuild.WORKS}
    for name, program in programs.items():
        for work, cost in rebuild.builds(program, documents, 1, prose):
            costs[work][name] = cost
    for work, both in costs.items():
        yield f"{documents:,} documents, {work}", both


def row(work, costs):
    """A line of the table: figures, and their shares of the first program's."""
    first, *_ = costs.values()
    cells = [work]
    for number, cost in enumerate(costs.values()):
        cells += [f"{cost.cpu:.4f}" if cost.cpu < 0.1 else f"{cost.cpu:.3f}", f"{cost.wall:.3f}", f"{cost.memory:.0f}"]
        if number:
            cells += [f"{cost.cpu / first.cpu:.2f}", f"{cost.memory / first.memory:.2f}"]
    return f"| {' | '.join(cells)} |"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("programs", nargs="+", metavar="PROGRAM", type=pathlib.Path)
    options.add_argument("--documents", type=int, default=1_000)
    options.add_argument("--rounds", type=float, default=1, metavar="N", help="N times as many runs of single documents")
    options.add_argument("--words", help="a folder of Markdown files, whose prose the documents are made of")
    options.add_argument("--warm", action="store_true")
    options = options.parse_args()
    if len(options.programs) > 2:
        raise SystemExit("name one program or two")
    programs = {f"{number} {path.name}": path.resolve() for number, path in enumerate(options.programs, 1)}
    head, rule = ["work"], ["---"]
    for number, name in enumerate(programs):
        columns = [f"{name}: CPU s", "s by the clock", "peak MB"] + (["CPU", "memory"] if number else [])
        head += columns
        rule += ["---:"] * len(columns)
    print(f"| {' | '.join(head)} |\n|{'|'.join(rule)}|")
    for work, costs in single(programs, options.rounds):
        print(row(work, costs), flush=True)
    for work, costs in many(programs, options.documents, options.words):
        print(row(work, costs), flush=True)
    if options.warm:
        bench = ["cargo", "bench", "--quiet", "--bench", "warm"]
        print(f"\n```\n{subprocess.run(bench, cwd=measure.ROOT, check=True, capture_output=True, text=True).stdout}```")


if __name__ == "__main__":
    main()
