"""Child processes that never outlive their owner."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from portefeuille.launch.account import Account
from portefeuille.launch.failures import CannotStart

_PR_SET_PDEATHSIG = 1
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def _tie_to(owner: int, death_signal: signal.Signals) -> Callable[[], None]:
    """A step for the child before it begins: the kernel sends it ``death_signal`` when its owner is gone."""
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

    def tie() -> None:
        if libc is None:
            return
        libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != owner:  # the owner died before the tie was made
            os._exit(1)

    return tie


def start(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    log: int,
    output: int | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    account: Account | None = None,
    folder: Path | None = None,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, tied to the life of this one. Raises CannotStart.

    ``log`` takes what it says, ``output`` what it prints (default: the log too). Call this from the main thread: the
    kernel's tie is to the thread that started the process. The tie is made after the change of user, which forgets it;
    so the child changes user by itself.
    """
    tie = _tie_to(os.getpid(), death_signal)

    def before() -> None:
        for number in _ENDING:  # a job in the background ignores some, and would hand that down
            signal.signal(number, signal.SIG_DFL)
        if account is not None:
            os.setgroups([])
            os.setgid(account.gid)
            os.setuid(account.uid)
        tie()

    try:
        return subprocess.Popen(
            [str(part) for part in command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log if output is None else output,
            stderr=log,
            cwd=folder or "/",
            start_new_session=True,
            pass_fds=keep_open,
            preexec_fn=before,
        )
    except OSError as problem:
        raise CannotStart(f"{command[0]} kan niet gestart worden: {problem.strerror}.") from problem


def stop(
    process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM, patience_seconds: float = 20
) -> None:
    """End a process politely, and after some patience not; with it goes whatever it left behind in its session."""
    if process.poll() is None:
        process.send_signal(by)
        try:
            process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
