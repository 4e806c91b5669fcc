"""Work shared between processes: the same as alone, in order, never far ahead of who reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from commands.pool import CHUNK, WAITING, in_order
from engine.base import PROJECT, load_base
from engine.orientation import recommend

several = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1, reason="un seul processeur : rien à partager"
)


def run(script: str, *arguments: str) -> str:
    """What a script that uses `in_order` prints, in a process that has no thread."""
    return subprocess.run(
        [sys.executable, "-c", f"import os, sys\nfrom commands.pool import *\n{script}", *arguments],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout


@pytest.mark.parametrize("count", [0, 1, CHUNK, CHUNK + 1, 10 * CHUNK, 37 * CHUNK - 3])
def test_results_come_in_order(count: int) -> None:
    script = "print(*in_order(lambda number: f'{number}', int(sys.argv[1])), sep=',')"
    assert run(script, str(count)).strip() == ",".join(map(str, range(count)))


def test_alone_on_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    here = [int(process) for process in in_order(lambda _: str(os.getpid()), 3 * CHUNK)]
    assert here == [os.getpid()] * 3 * CHUNK


@several
def test_several_processes_work() -> None:
    pids = set(run("print(*in_order(lambda _: f'{os.getpid()}', 400 * CHUNK))").split())
    assert len(pids) > 1


@several
def test_work_stays_close_to_the_reader(tmp_path: Path) -> None:
    script = """
marks = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def work(number):
    os.write(marks, b".")
    return "x"
answers = in_order(work, 100_000)
next(answers)
answers.close()
"""
    run(script, str(tmp_path / "faits"))
    done = (tmp_path / "faits").stat().st_size
    assert CHUNK <= done <= len(os.sched_getaffinity(0)) * WAITING * CHUNK


@several
def test_a_process_that_is_stopped_is_said() -> None:
    script = """
try:
    for text in in_order(lambda number: os._exit(1) if number == 3 * CHUNK else f"{number}", 100 * CHUNK):
        pass
except Stopped:
    print("arrêté")
"""
    assert run(script) == "arrêté\n"


@several
def test_what_is_wrong_in_the_work_is_raised() -> None:
    script = """
try:
    list(in_order(lambda number: f"{1 // (number - 70)}", 100 * CHUNK))
except ZeroDivisionError:
    print("division")
"""
    assert run(script) == "division\n"


def test_lines_are_answered_in_order_by_several_processes(tmp_path: Path) -> None:
    base = load_base()
    said = [{"age": 16 + number // 2} | ({"rsa": True} if number % 2 else {}) for number in range(CHUNK + 10)]
    lines = tmp_path / "situations.jsonl"
    lines.write_text("".join(f"{json.dumps(one)}\n" for one in said), encoding="utf-8")
    command = [sys.executable, "-m", "cli", "orienter", str(lines), "--date", "2026-11-23"]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True, timeout=300)
    found = [json.loads(line)["recommandations"] for line in done.stdout.splitlines()]
    assert (done.stderr, len(found)) == ("", len(said))
    for one, answered in zip(said, found, strict=True):
        situation = base.rules.situation.model_validate(one)
        expected = recommend(situation, base.catalogue, base.rules, date(2026, 11, 23))
        assert answered == expected.to_json()["recommandations"]
