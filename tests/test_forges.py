"""What whoever carries the project on reads first: the same on both kinds of forges, with commands that exist."""

import re
import tomllib
from pathlib import Path

import yaml

PROJECT = Path(__file__).parent.parent


def test_templates_are_the_same_on_both_forges() -> None:
    gitlab = {path.name: path.read_text() for path in (PROJECT / ".gitlab/issue_templates").iterdir()}
    github = {path.name: path.read_text() for path in (PROJECT / ".github/ISSUE_TEMPLATE").iterdir()}
    assert gitlab == github != {}
    merge = PROJECT / ".gitlab/merge_request_templates/Default.md"
    assert merge.read_text() == (PROJECT / ".github/PULL_REQUEST_TEMPLATE.md").read_text()


def test_the_version_is_said_once_more_only_where_a_format_asks_for_it() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((PROJECT / "publiccode.yml").read_text())["softwareVersion"] == version
    assert f"## [{version}]" in (PROJECT / "CHANGELOG.md").read_text()


def test_contributing_names_targets_and_files_that_exist() -> None:
    text = (PROJECT / "CONTRIBUTING.md").read_text()
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z-]+)", text)) <= targets
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        assert (PROJECT / link).exists(), link
    for name in re.findall(r"`((?:rules|catalogue|engine|fiche|desk|docs)/[\w./]*)`", text):
        assert (PROJECT / name).exists(), name
