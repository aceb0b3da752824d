"""What a service's libraries load and no service uses is left out: 12 MB of each process, and a third of its start.

Faust loads the HTTP client aiohttp for the name of one class, and croniter for timers that follow a crontab; structlog
draws exceptions with rich where it is installed, and ours are told by class and place.

While everything is loaded, nothing of it is thrown away: Python would look through it for garbage again and again,
a seventh of the start. What is loaded then stays as long as the process, and is not looked through any more.
"""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import Final

_NAMES_ALONE: Final = {"aiohttp.client": "ClientSession", "croniter.croniter": "croniter"}
"""By module: the one thing that is imported from it, and never called."""
_DONE_WITHOUT: Final = ("rich",)
"""Where these are missing, those who would use them do without."""


def leave_out() -> None:
    """Call it before all other imports, and only in a process that is one service and nothing else."""
    gc.disable()
    for module, name in _NAMES_ALONE.items():
        sys.modules[module.partition(".")[0]] = ModuleType(module.partition(".")[0])
        sys.modules[module] = ModuleType(module)
        setattr(sys.modules[module], name, type(name, (), {}))
    for missing in _DONE_WITHOUT:
        sys.modules[missing] = None  # type: ignore[assignment] # what Python itself takes for "not there"


def settle() -> None:
    """Call it when the service is built: what is loaded stays, and garbage is looked for in what comes after."""
    gc.collect()
    gc.freeze()
    gc.enable()
