"""Checks that the protos break no contract that was published before: those of the newest commit of main.

On main itself that is the commit before. A repository without an earlier version has nothing to break.

The calls began anew with one gRPC service for each capability, before anybody was on them; that commit is told by
BEGINNING, which came with it. Against an older one only what is kept for ever is compared: the events, and the words
that they use.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"
BEGINNING = "proto/homeward/type/v1/options.proto"
KEPT_FOR_EVER = ("homeward/events", "homeward/type")


def _git(*arguments: str) -> str:
    result = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return result.stdout.strip() if result.returncode == 0 else ""


def _published() -> str:
    head = _git("rev-parse", "HEAD")
    for reference in ("origin/main", "HEAD~1"):
        commit = _git("rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}")
        if commit and commit != head and _git("ls-tree", commit, "proto/buf.yaml"):
            return commit
    return ""


def main() -> int:
    """Exit status of buf, or 0 when there is nothing to compare with."""
    commit = _published()
    if not commit:
        print("buf breaking: no earlier contracts to compare with")
        return 0
    paths = () if _git("ls-tree", commit, BEGINNING) else KEPT_FOR_EVER
    buf = Path(sys.executable).absolute().with_name("buf")
    against = f"../.git#ref={commit},subdir=proto"
    print(f"buf breaking: against {commit[:12]}", *paths)
    chosen = [f"--path={path}" for path in paths]
    command = [buf, "breaking", ".", *chosen, "--against", against]
    return subprocess.run(command, cwd=PROTO, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
