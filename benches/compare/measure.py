"""Runs programs and says what they cost."""

import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "target" / "compare"


@dataclass
class Cost:
    """What one run cost. Less than this program's own 15 MB is not seen."""

    cpu: float
    """User and system seconds, of all threads."""
    wall: float
    """Seconds by the clock."""
    memory: float
    """Peak resident MB."""
    code: int
    """Exit code; negative for a signal."""

    def least(self, other):
        """The machine's other work can only add to a cost."""
        return Cost(min(self.cpu, other.cpu), min(self.wall, other.wall), min(self.memory, other.memory), self.code)


def run(command, folder, may_fail=False, before=None):
    """Runs a command in a folder; `before` is called in its process first."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=before
    )
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 and not may_fail:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{errors.decode()[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, process.returncode)


def best(commands, folder, rounds):
    """The least cost of each command, run in turns."""
    costs = {}
    for _ in range(rounds):
        for name, command in commands.items():
            cost = run(command, folder)
            costs[name] = cost.least(costs[name]) if name in costs else cost
    return costs


def chancery():
    """Builds Chancery; returns the program."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    return ROOT / "target" / "release" / "chancery"


def project(name):
    """An empty project's folder."""
    folder = WORK / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "chancery.toml").touch()
    return folder
