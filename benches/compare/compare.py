"""Compares Chancery with Typst: CPU seconds, peak memory and file size.

Run `python3 benches/compare/compare.py` from the repository's root. It builds
Chancery in release mode, installs Typst's compiler from PyPI into
`target/compare`, and writes its documents there. Both make a PDF that claims
PDF/UA-1 and PDF/A-2a. Each document is compiled several times in turns; the
least CPU time counts, because the machine's other work can only add to it.
"""

import os
import resource
import subprocess
import sys
import venv
from pathlib import Path

import documents

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "compare"
TYPST = "typst==0.15.2"
ROUNDS = 5
# name, paragraphs, pictures
DOCUMENTS = [("brief", 8, 0), ("report", 360, 0), ("book", 3020, 22)]
SCALE = [("pages-10", 40, 0), ("pages-100", 400, 0), ("pages-1000", 4000, 0), ("pages-10000", 40000, 0)]
COMPILE = "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], pdf_standards=['ua-1', 'a-2a'])"


def run(command, cwd):
    """Runs a command; returns CPU seconds and peak resident MB."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{errors.decode()[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def install():
    python = WORK / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(WORK / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", TYPST], check=True)
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    return python, ROOT / "target" / "release" / "chancery"


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    python, chancery = install()
    folder = WORK / "documents"
    scale = "--scale" in sys.argv
    chosen = SCALE if scale else DOCUMENTS
    idle_cpu, idle_memory = run([python, "-c", "import typst"], ROOT)
    print("| document | | CPU s | peak MB | file KB | CPU ratio |")
    print("|---|---|---:|---:|---:|---:|")
    for seed, (name, paragraphs, figures) in enumerate(chosen):
        documents.make(folder, name, seed, paragraphs, figures)
        commands = {"Chancery": [chancery, "build", f"{name}.md", "--to", "pdf", "--out", "out", "--quiet"]}
        if not scale:
            commands["Typst"] = [python, "-c", COMPILE, f"{name}.typ", f"{name}-typst.pdf"]
        best = {}
        for _ in range(ROUNDS):
            for tool, command in commands.items():
                cpu, memory = run(command, folder)
                if tool == "Typst":
                    # What starting Python costs is not Typst's.
                    cpu, memory = cpu - idle_cpu, memory - idle_memory
                old = best.get(tool, (cpu, memory))
                best[tool] = (min(old[0], cpu), min(old[1], memory))
        sizes = {"Chancery": folder / "out" / f"{name}.pdf", "Typst": folder / f"{name}-typst.pdf"}
        for tool, (cpu, memory) in best.items():
            ratio = f"{cpu / best['Typst'][0]:.3f}" if "Typst" in best else ""
            print(f"| {name} | {tool} | {cpu:.3f} | {memory:.0f} | {sizes[tool].stat().st_size // 1024} | {ratio} |")


if __name__ == "__main__":
    main()
