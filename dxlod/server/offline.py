"""No new sockets for this process and all it starts: a filter of system calls (Linux, seccomp_filter in the kernel's
documentation).

For workers that must go on opening files and so cannot be kept from the network by a limit of open files.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

__all__ = ["forbid_sockets"]

# From linux/filter.h, linux/seccomp.h, linux/audit.h and the tables of system calls.
_LOAD, _IS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _FAIL = 0x7FFF0000, 0x00050000 | errno.EACCES
_NUMBER, _ARCHITECTURE = 0, 4
_OTHER_TABLE = 0x40000000
"""Numbers from here on are the same calls of x86-64 by other names (x32)."""
_IO_URING_SETUP = 425
_KNOWN = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Audit number of the architecture, number of socket(2)."""
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def forbid_sockets() -> bool:
    """From now on socket(2) fails with EACCES in this thread and those begun by it; False where that cannot be had."""
    known = _KNOWN.get(os.uname().machine) if sys.platform == "linux" else None
    if known is None or ctypes.sizeof(ctypes.c_void_p) != 8:
        return False
    steps = _steps(*known)
    program = _Program(len(steps) // 8, steps)
    prctl = ctypes.CDLL(None).prctl
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return False
    return not prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)


def _steps(architecture: int, socket: int) -> bytes:
    """Offsets in jumps are counted from the next step."""
    return b"".join(
        struct.pack("=HBBI", *step)
        for step in (
            (_LOAD, 0, 0, _ARCHITECTURE),
            (_IS, 0, 5, architecture),
            (_LOAD, 0, 0, _NUMBER),
            (_AT_LEAST, 3, 0, _OTHER_TABLE),
            (_IS, 2, 0, _IO_URING_SETUP),
            (_IS, 1, 0, socket),
            (_RETURN, 0, 0, _ALLOW),
            (_RETURN, 0, 0, _FAIL),
        )
    )
