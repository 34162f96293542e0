"""A table or configuration that is broken ends the layer's build, with its file and place."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commerce_sync.composing.tables import faults

from local.places import ROOT

SHARED = ROOT / "layers" / "shared"


def build(tmp_path: Path, file: str = "", text: str = "", instead: str = "") -> subprocess.CompletedProcess[str]:
    """What `sam build` runs, on a copy in which a file is edited."""
    copy = tmp_path / "shared"
    shutil.copytree(SHARED, copy, ignore=shutil.ignore_patterns("__pycache__"))
    if file:
        edited = copy / "commerce_sync" / file
        before = edited.read_text(encoding="utf-8")
        assert text in before
        edited.write_text(before.replace(text, instead, 1), encoding="utf-8")
    target = tmp_path / "built"
    target.mkdir()
    command = ["make", "build-SharedLayer", f"ARTIFACTS_DIR={target}", f"LAYER_PYTHON={sys.executable}"]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)  # our own words


def test_what_ships_is_whole(tmp_path: Path) -> None:
    """And builds."""
    assert faults() == []
    built = build(tmp_path)
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "built" / "python" / "commerce_sync" / "consent" / "keywords.toml").exists()


@pytest.mark.parametrize(
    ("file", "text", "instead", "place"),
    [
        (
            "consent/quiet_hours.toml",
            'from = "08:00", until = "21:00"',
            'from = "21:00", until = "08:00"',
            "us.federal",
        ),
        ("consent/keywords.toml", 'help = ["aide"]', "help = []", "language.2.help"),
        ("consent/rules.toml", "approvals = 2", "approvals = 1", "approvals"),
        ("config/consent.toml", 'default_sender = "main"', 'default_sender = "nobody"', "no such sender: nobody"),
        ("config/notices.toml", 'language = "en"', 'language = "English"', "language"),
    ],
)
def test_what_is_broken_is_not_built(tmp_path: Path, file: str, text: str, instead: str, place: str) -> None:
    """The file and the place are named."""
    built = build(tmp_path, file, text, instead)
    assert built.returncode != 0
    assert Path(file).name in built.stderr
    assert place in built.stderr


def test_it_is_checked_with_the_versions_that_are_deployed() -> None:
    """Of the pins that the layer of dependencies has."""
    (needed,) = re.findall(r"^NEEDED_TO_CHECK = (.*)$", (SHARED / "Makefile").read_text(), flags=re.MULTILINE)
    pins = (ROOT / "layers" / "dependencies" / "requirements.txt").read_text()
    assert all(f"\n{one} " in pins for one in needed.split())
