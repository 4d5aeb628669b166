"""How long a writer waits: `python3 typing.py [--edits N] [CHANCERY]`.

Types into a brief and into a book of about 500 pages as people do (bursts of letters, deletions,
pastes) and measures, by the clock, how long it takes until the language server has told the
problems, and until the live page has its new list of pages: when the file is opened, after each
edit, and after edits that put a section in or take it out, so that all behind it have other numbers.
Then 10,000 edits more of the book, and how much memory the server holds before and after. Beside it
Typst's compiler in one process (`pip install typst`), which is given the same texts and edits.
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile
import time

import documents

ROOT = pathlib.Path(__file__).parents[2]
SEED = 7
# About 3 and 500 pages.
PARAGRAPHS = {"brief": 12, "book": 2000}
# So many edits are sent at once where nothing is measured.
BURST = 10
STEPS = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]


class Server:
    """A language server, asked as an editor asks."""

    def __init__(self, program, file):
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.uri, self.version, self.number = file.as_uri(), 1, 0
        self.ask("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-8"]}}})
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": "markdown", "version": 1, "text": file.read_text()}
        begun = time.perf_counter()
        self.tell("textDocument/didOpen", {"textDocument": document})
        self.until_told()
        print(f"opened: problems after {1000 * (time.perf_counter() - begun):.0f} ms")

    def until_told(self):
        """Waits for the problems of the text as it is: those that its pages meet may follow."""
        told = "textDocument/publishDiagnostics"
        self.until(lambda message: message.get("method") == told and message["params"].get("version") == self.version)

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def read(self):
        length = 0
        while line := self.process.stdout.readline().strip():
            name, value = line.split(b": ")
            length = int(value) if name == b"Content-Length" else length
        return json.loads(self.process.stdout.read(length))

    def until(self, is_wanted):
        while not is_wanted(message := self.read()):
            pass
        return message

    def ask(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.until(lambda message: message.get("id") == self.number)["result"]

    def change(self, start, end, text):
        self.version += 1
        places = [{"line": line, "character": character} for line, character in (start, end)]
        change = {"range": {"start": places[0], "end": places[1]}, "text": text}
        document = {"uri": self.uri, "version": self.version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def megabytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    def cpu(self):
        """Seconds of the processor, of all threads: on a machine that others use they say more
        than the clock."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        self.ask("shutdown", None)
        self.tell("exit", None)
        self.process.wait()


def edits(lines, seed):
    """Edits as people make them, for ever: (start, end, text). Each leaves the lines as long as
    they were, after a while: what is typed is taken out again."""
    chance = random.Random(seed)
    prose = [number for number, line in enumerate(lines) if len(line) > 60 and line[0].isalpha()]
    paste = "A sentence that was written elsewhere, and is put in as a whole. "
    while True:
        line = chance.choice(prose)
        at = lines[line].index(" ", 20) + 1
        if chance.random() < 0.1:
            yield (line, at), (line, at), paste
            yield (line, at), (line, at + len(paste)), ""
            continue
        burst = "".join(chance.choice(["water ", "of ", "the ", "price ", "is "]) for _ in range(chance.randint(1, 4)))
        for done, letter in enumerate(burst):
            yield (line, at + done), (line, at + done), letter
        for done in reversed(range(len(burst))):
            yield (line, at + done), (line, at + done + 1), ""


def sections(lines, seed):
    """New sections, each taken out again, for ever."""
    chance = random.Random(seed)
    marks = {number: re.match("(#+|=+) ", line) for number, line in enumerate(lines)}
    headings = [number for number, mark in marks.items() if mark]
    while True:
        line = chance.choice(headings)
        mark = marks[line][1]
        yield (line, 0), (line, 0), f"{mark} Something new\n\n"
        yield (line, 0), (line + 2, 0), ""


def histogram(name, times):
    """Prints how many waits were how long, in milliseconds."""
    times = sorted(1000 * one for one in times)
    share = lambda part: times[min(len(times) - 1, int(len(times) * part))]
    print(f"{name}: {len(times)} edits, median {share(0.5):.1f} ms, 95 % {share(0.95):.1f}, 99 % {share(0.99):.1f}, most {times[-1]:.1f}")
    below = 0
    for step in STEPS:
        count = sum(1 for one in times if one < step)
        if count > below:
            print(f"  < {step:5} ms {count - below:6} {'#' * round(50 * (count - below) / len(times))}")
        below = count
        if below == len(times):
            break


def problems(server, made, count):
    """Waits until the problems are told, from each edit."""
    for start, end, text in (next(made) for _ in range(count)):
        begun = time.perf_counter()
        server.change(start, end, text)
        server.until_told()
        yield time.perf_counter() - begun


class Page:
    """The live page, asked as a browser asks."""

    def __init__(self, server):
        begun = time.perf_counter()
        shown = server.ask("workspace/executeCommand", {"command": "chancery.pages", "arguments": [{"uri": server.uri}]})
        host, _, self.path = shown["address"].removeprefix("http://").partition("/")
        window, self.asking = http.client.HTTPConnection(host), http.client.HTTPConnection(host)
        window.request("GET", f"/{self.path}events")
        self.news = window.getresponse()
        while not (pages := self.pages()).startswith(b"[{"):
            time.sleep(0.001)
        print(f"opened: {len(json.loads(pages))} pages after {1000 * (time.perf_counter() - begun):.0f} ms")

    def pages(self):
        self.asking.request("GET", f"/{self.path}pages/0")
        return self.asking.getresponse().read()

    def waits(self, server, made, count):
        """Waits until there are new pages, from each edit."""
        last = self.pages()
        for start, end, text in (next(made) for _ in range(count)):
            begun = time.perf_counter()
            server.change(start, end, text)
            while (new := self.pages()) == last:
                self.news.readline()
            last = new
            yield time.perf_counter() - begun
            server.until_told()


def typst_pages(file, made, count):
    """Typst's pages, as drawings, after each edit."""
    import typst

    compiler = typst.Compiler(str(file))
    lines = file.read_text().splitlines(keepends=True)
    begun = time.perf_counter()
    compiler.compile(format="svg")
    print(f"opened: pages after {1000 * (time.perf_counter() - begun):.0f} ms")
    for (first, start), (last, end), text in (next(made) for _ in range(count)):
        lines[first : last + 1] = (lines[first][:start] + text + lines[last][end:]).splitlines(keepends=True)
        file.write_text("".join(lines))
        begun = time.perf_counter()
        compiler.compile(format="svg")
        yield time.perf_counter() - begun


def measured(cpu, name, times, count):
    """The same, and what an edit costs the processor."""
    before = cpu()
    histogram(name, times)
    print(f"  {1000 * (cpu() - before) / count:.1f} ms of the processor for each edit")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", nargs="?", default=ROOT / "target/release/chancery")
    parser.add_argument("--edits", type=int, default=400)
    parser.add_argument("--more", type=int, default=10000)
    parser.add_argument("--typst", type=int, default=10, help="edits for Typst, which takes its time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, paragraphs in PARAGRAPHS.items():
            documents.make(folder, name, SEED, paragraphs)
            markdown, typst = (pathlib.Path(folder, f"{name}{ending}") for ending in [".md", ".typ"])
            markdown.write_text(markdown.read_text().replace("toc: yes\n", "toc: yes\nnumbering: {sections: true}\n"))
            typst.write_text('#set heading(numbering: "1.1")\n' + typst.read_text())
            print(f"\n{name}, {markdown.stat().st_size} bytes")
            chancery(args, name, markdown)
            if args.typst:
                lines = typst.read_text().splitlines()
                measured(time.process_time, "Typst", typst_pages(typst, edits(lines, SEED), args.typst), args.typst)
                made = sections(lines, SEED)
                measured(time.process_time, "Typst, sections", typst_pages(typst, made, args.typst), args.typst)


def chancery(args, name, file):
    server = Server(args.program, file)
    lines = file.read_text().splitlines()
    made, renumbering = edits(lines, SEED), sections(lines, SEED)
    few = max(2, args.edits // 10) // 2 * 2
    measured(server.cpu, "problems", problems(server, made, args.edits), args.edits)
    measured(server.cpu, "problems, sections", problems(server, renumbering, few), few)
    before, page = server.megabytes(), Page(server)
    measured(server.cpu, "live page", page.waits(server, made, args.edits), args.edits)
    measured(server.cpu, "live page, sections", page.waits(server, renumbering, few), few)
    with_pages = server.megabytes()
    if name == "book":
        for _ in range(args.more // BURST):
            for start, end, text in (next(made) for _ in range(BURST)):
                server.change(start, end, text)
            server.ask("textDocument/hover", {"textDocument": {"uri": server.uri}, "position": {"line": 0, "character": 0}})
        print(f"memory: {before:.0f} MB, with the live page {with_pages:.0f}, after {args.more} edits more {server.megabytes():.0f}")
    server.end()


if __name__ == "__main__":
    main()
