"""Why the system did not open, read or write something, in the officer's words: its own message is in English."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import Final

from services.chassis.kernel.texts import Texts
from services.client.texts import N_

_TEXTS: Final[Mapping[int, str]] = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), N_("there is no room left on the disk")),
    errno.EROFS: N_("the disk or the folder can only be read, not written to"),
    **dict.fromkeys((errno.EACCES, errno.EPERM), N_("you are not permitted to do that there")),
    errno.ENAMETOOLONG: N_("the name or the path is too long"),
    errno.EIO: N_("the disk or the stick fails"),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR), N_("the file or its folder is not there")),
    errno.EISDIR: N_("it is a folder"),
    errno.ELOOP: N_("the link leads to itself"),
    **dict.fromkeys(
        (errno.ESTALE, errno.ENODEV, errno.ENOTCONN, errno.EHOSTDOWN, errno.ETIMEDOUT),
        N_("the connection to the disk or the share was lost"),
    ),
}


def cause_of(error: OSError, _: Texts) -> str:
    """The cause in a few words; the name of an error that has none, such as EMFILE."""
    number = error.errno or 0
    text = _TEXTS.get(number)
    return _(text) if text else errno.errorcode.get(number, type(error).__name__)


def problem_of(error: Exception, _: Texts) -> str:
    """What an error says, with the system's own words replaced by ours and the file that it names."""
    if not isinstance(error, OSError) or error.errno is None:
        return str(error)
    cause = cause_of(error, _)
    return f"{error.filename}: {cause}" if error.filename else cause
