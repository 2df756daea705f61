"""New object ids: UUID version 7 (RFC 9562), unique and rising inside a process even when the clock steps back."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_guard = threading.Lock()
_last = 0


def new_id() -> str:
    """Return a fresh UUIDv7 as text. Never order, date or count by it: office clocks are wrong."""
    global _last  # noqa: PLW0603 - the one counter that must be shared by the process
    with _guard:
        # 48 bits of milliseconds and 12 bits of rand_a form one rising number
        _last = max(_last + 1, (time.time_ns() // 1_000_000) << 12)
        stamp = _last
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
