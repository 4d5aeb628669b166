"""How long a writer waits: `python3 typing.py [--edits N] [CHANCERY]`.

Types into a book of about 500 pages as people do (bursts of letters, deletions, pastes, a pause
after each burst) and measures, by the clock, how long it takes until the language server has
told the problems, and until the live page has its new list of pages. Then 10,000 edits more,
and how much memory the server holds before and after. Beside it Typst's compiler in one process
(`pip install typst`), which is given the same book and the same number of edits.
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time

import documents

ROOT = pathlib.Path(__file__).parents[2]
SEED = 7
# About 500 pages.
PARAGRAPHS = 2000
# So many edits are sent at once where nothing is measured.
BURST = 10
STEPS = [5, 10, 20, 50, 100, 200, 500, 1000, 2000]


class Server:
    """A language server, asked as an editor asks."""

    def __init__(self, program, file):
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.uri, self.version, self.number = file.as_uri(), 1, 0
        self.ask("initialize", {"capabilities": {"general": {"positionEncodings": ["utf-8"]}}})
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": "markdown", "version": 1, "text": file.read_text()}
        self.tell("textDocument/didOpen", {"textDocument": document})
        self.until(lambda message: message.get("method") == "textDocument/publishDiagnostics")

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


def histogram(name, times):
    """Prints how many waits were how long, in milliseconds."""
    times = sorted(1000 * one for one in times)
    share = lambda part: times[min(len(times) - 1, int(len(times) * part))]
    print(f"{name}: {len(times)} edits, median {share(0.5):.0f} ms, 95 % {share(0.95):.0f}, 99 % {share(0.99):.0f}, most {times[-1]:.0f}")
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
        server.until(lambda message: message.get("method") == "textDocument/publishDiagnostics")
        yield time.perf_counter() - begun


def pages(server, made, count):
    """Waits until the live page has its new pages, from each edit."""
    address = server.ask("workspace/executeCommand", {"command": "chancery.pages", "arguments": [{"uri": server.uri}]})
    host, _, path = address["address"].removeprefix("http://").partition("/")
    window, asking = http.client.HTTPConnection(host), http.client.HTTPConnection(host)

    def page_list():
        asking.request("GET", f"/{path}pages/0")
        return asking.getresponse().read()

    window.request("GET", f"/{path}events")
    news = window.getresponse()
    while not page_list().startswith(b"[{"):
        time.sleep(0.1)
    last = page_list()
    for start, end, text in (next(made) for _ in range(count)):
        begun = time.perf_counter()
        server.change(start, end, text)
        while True:
            news.readline()
            new = page_list()
            if new != last:
                break
        last = new
        yield time.perf_counter() - begun
        server.until(lambda message: message.get("method") == "textDocument/publishDiagnostics")


def typst_pages(file, made, count):
    """Typst's pages, as drawings, after each edit."""
    import typst

    compiler = typst.Compiler(str(file))
    lines = file.read_text().splitlines(keepends=True)
    compiler.compile(format="svg")
    for (line, start), (_, end), text in (next(made) for _ in range(count)):
        lines[line] = lines[line][:start] + text + lines[line][end:]
        file.write_text("".join(lines))
        begun = time.perf_counter()
        compiler.compile(format="svg")
        yield time.perf_counter() - begun


def measured(server, name, times, count):
    """The same, and what an edit costs the processor."""
    before = server.cpu()
    histogram(name, times)
    print(f"  {1000 * (server.cpu() - before) / count:.0f} ms of the processor for each edit")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", nargs="?", default=ROOT / "target/release/chancery")
    parser.add_argument("--edits", type=int, default=400)
    parser.add_argument("--more", type=int, default=10000)
    parser.add_argument("--typst", type=int, default=10, help="edits for Typst, which takes its time")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        documents.make(folder, "book", SEED, PARAGRAPHS)
        markdown, typst = (pathlib.Path(folder, name) for name in ["book.md", "book.typ"])
        server = Server(args.program, markdown)
        made = edits(markdown.read_text().splitlines(), SEED)
        measured(server, "problems", problems(server, made, args.edits), args.edits)
        before = server.megabytes()
        measured(server, "live page", pages(server, made, args.edits), args.edits)
        with_pages = server.megabytes()
        for _ in range(args.more // BURST):
            for start, end, text in (next(made) for _ in range(BURST)):
                server.change(start, end, text)
            server.ask("textDocument/hover", {"textDocument": {"uri": server.uri}, "position": {"line": 0, "character": 0}})
        print(f"memory: {before:.0f} MB, with the live page {with_pages:.0f}, after {args.more} edits more {server.megabytes():.0f}")
        server.end()
        if args.typst:
            histogram("Typst", typst_pages(typst, edits(typst.read_text().splitlines(), SEED), args.typst))


if __name__ == "__main__":
    main()
