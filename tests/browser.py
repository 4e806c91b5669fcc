"""A real browser in front of a real server: what the tests of the front desk share."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent
PATIENCE = 60_000
"""Milliseconds before giving up: a loaded machine with two cores is slow."""

_CANDIDATES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")

_QUIET = """() => new Promise((done) => {
  const ready = () => document.querySelector('[data-test-script-state="notRunning"]')
    && !document.querySelector('[data-stale="true"], [data-testid="stSkeleton"]');
  const look = () => { if (ready()) { watch.disconnect(); done(); } else { timer = setTimeout(look, 300); } };
  let timer = setTimeout(look, 300);
  const watch = new MutationObserver(() => { clearTimeout(timer); timer = setTimeout(look, 300); });
  watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
})"""

_WORDS = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest('script, style, [data-testid="stIconMaterial"]')) found.push(node.nodeValue);
    } else {
      for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description']) {
        if (node.hasAttribute(name)) found.push(node.getAttribute(name));
      }
    }
  }
  return found.filter((text) => text.trim());
}"""


# --- the server ---


@contextmanager
def serving(elsewhere: Path, *options: str, **settings: str) -> Iterator[str]:
    """The address of a front desk started from another folder than the project's, stopped afterwards.

    It has a database of its own in that folder, unless `settings` (environment variables) name another one.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "cli", "serve", "--port", str(port), *options]
    database = f"sqlite:///{elsewhere / 'spro.sqlite3'}"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "SPRO_DATABASE_URL": database} | settings
    with (elsewhere / f"server-{port}.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=elsewhere, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait()


def health(address: str) -> tuple[int, str]:
    """The status and the body of the health route."""
    try:
        with urllib.request.urlopen(f"{address}/sante", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped"
        try:
            health(address)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


# --- the browser ---


def _chromium() -> str | None:
    """The first Chromium that runs; None lets Playwright use its own."""
    for name in (os.environ.get("CHROMIUM"), *_CANDIDATES):
        path = shutil.which(name) if name else None
        if path:
            return path
    return None


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium, without a window."""
    expect.set_options(timeout=PATIENCE)
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"] if is_root else [])
        yield found
        found.close()


@contextmanager
def visiting(browser: Browser, address: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser profile of its own, in French; fails when a page asks anything from another server or breaks."""
    context = browser.new_context(**{"locale": "fr-FR", "viewport": {"width": 1280, "height": 800}} | options)
    context.set_default_timeout(PATIENCE)
    wrong: list[str] = []
    local = (address, address.replace("http", "ws"), "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(local) else wrong.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda message: wrong.append(message.text) if "Security Policy" in message.text else None)
    try:
        yield context
    finally:
        context.close()
    assert not wrong, wrong


# --- reading and acting ---


def settle(page: Page) -> None:
    """Waits until the page has nothing left to draw."""
    expect(page.locator("[data-testid=stMain] h1")).to_be_visible()
    page.evaluate(_QUIET)


def first_door(page: Page) -> Locator:
    """The name of the structure on the first card."""
    return page.locator(".st-key-reponse h3")


def field(page: Page, name: str) -> Locator:
    """The field of a question in the form."""
    return page.locator(f".st-key-champ-{name}, .st-key-oui-non-{name}")


def choose(page: Page, box: Locator, words: str) -> None:
    """Types in a box with a list, and takes the first choice; a page that still scrolls would close the list."""
    settle(page)
    box.scroll_into_view_if_needed()
    settle(page)
    box.click()
    box.press_sequentially(words)
    expect(page.get_by_role("option").first).to_contain_text(words, ignore_case=True)
    box.press("Enter")


def words_on(page: Page) -> list[str]:
    """Every text of the page, also those that only a screen reader says."""
    found: list[str] = page.evaluate(_WORDS)
    return found


def violations(page: Page, *ignored: str) -> list[str]:
    """What axe-core finds wrong, one line for each element."""
    page.evaluate(_AXE)
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in ignored}}
    result = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{rule['id']}: {node['html'][:200]} — {node.get('failureSummary', '')}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]
