"""What only a process of its own can tell: memory, and how long a cold start takes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.timing import Times

PROJECT = Path(__file__).parent.parent
SITUATION = {"age": 31, "statuts": ["salarie-prive"], "besoins": ["se-reconvertir"], "commune": "28134"}
COLD = "spro orienter"


def resident_bytes() -> int:
    """The memory that the process holds now; its peak where the system does not say more."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    return pages * resource.getpagesize()


def run_module(module: str, *arguments: str) -> Any:
    """What a module of the benchmarks, run in its own process, prints as JSON."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    done = subprocess.run(command, cwd=PROJECT, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def cold_starts(runs: int) -> tuple[dict[str, Times], str | None]:
    """Wall times of a cold `spro orienter`, of an empty Python, of one that imports zen-engine; and what failed."""
    with tempfile.TemporaryDirectory() as folder:
        situation = Path(folder) / "situation.json"
        situation.write_text(json.dumps(SITUATION), encoding="utf-8")
        commands = {
            COLD: [str(Path(sys.executable).parent / "spro"), "orienter", str(situation), "--json"],
            "python -c pass": [sys.executable, "-c", "pass"],
            "python -c 'import zen'": [sys.executable, "-c", "import zen"],
        }
        problem = _try(commands[COLD])  # which also leaves the compiled modules that an installed product has
        if problem:
            del commands[COLD]
        samples: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs):
            for name, command in commands.items():
                start = time.perf_counter()
                subprocess.run(
                    command,
                    cwd=PROJECT,
                    env=_environment(),
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                )
                samples[name].append(time.perf_counter() - start)
    return {name: Times(tuple(found)) for name, found in samples.items()}, problem


def _environment() -> dict[str, str]:
    """The settings of this process, Python being free to keep what it compiles."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _try(command: list[str]) -> str | None:
    """Runs a command once, which also warms the disk; says why it cannot be measured, if so."""
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=_environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    except OSError as error:
        return error.strerror or type(error).__name__
    lines = (done.stderr or done.stdout).strip().splitlines()
    return None if done.returncode == 0 else (lines[-1] if lines else f"code {done.returncode}")
