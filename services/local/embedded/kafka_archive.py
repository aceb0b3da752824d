"""Makes the archive of Kafka's classes, read and linked once: with it a node starts at less than half of the cost.

``python -m services.local.embedded.kafka_archive`` does it for this installation, as Python does for its own files in
``__pycache__``: a node is started and stopped, and the JVM writes what it has learnt. Every node that finds the archive
uses it; one that doesn't reads the classes anew. The JVM refuses an archive of other files than those it is to run.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from services.local.embedded.kafka import ARCHIVES, EmbeddedKafka

READY_S = 300.0
WRITTEN_S = 300.0


def ensure_archive() -> Path:
    """Make the archive unless it is there; takes some seconds.

    Raises:
        EmbeddedError: Kafka's program files cannot be had, or the node did not start.
        FileNotFoundError: the JVM wrote none.
    """
    folder = Path(tempfile.mkdtemp(prefix="homeward-kafka-"))
    learnt = folder / "learnt"
    node = EmbeddedKafka(folder / "node", learn_to=learnt)
    try:
        node.ensure_jars()
        archive = node.archive
        if archive.exists():
            return archive
        try:
            node.start()
            node.wait_ready(READY_S)
        finally:
            # It writes when it ends.
            node.stop(WRITTEN_S)
        ARCHIVES.mkdir(parents=True, exist_ok=True)
        for older in ARCHIVES.iterdir():
            older.unlink()
        # Into its place in one step, for whoever starts a node meanwhile.
        copy = archive.with_name(f"{os.getpid()}.part")
        shutil.copyfile(learnt, copy)
        copy.replace(archive)
        return archive
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdout.write(f"{ensure_archive()}\n")
