"""The fence around the process that reads files: bounds on what it uses, and a short list of what it may ask of the kernel.

Floor 6. Whoever takes over a parser in here can compute and answer: no file, no socket, no other process, and not even
what the bot itself is called with under /proc. Linux alone; elsewhere nothing is read.
"""

import ctypes
import errno
import os
import platform
import resource

MEMORY = 512 << 20
"""Bytes of address space."""
PROCESSOR = 10
"""Seconds of processor time."""
KINDNESS = 5
"""By how much the others go first."""

PARENT_DEATH, NO_NEW_PRIVILEGES, SECCOMP, FILTER = 1, 38, 22, 2
"""Of prctl(2)."""
KILL, REFUSE, ALLOW = 0x80000000, 0x00050000 | errno.EPERM, 0x7FFF0000
"""Answers of a filter, seccomp(2)."""
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
"""Load a word of the call, compare it, answer: the three instructions of bpf(4) that are needed."""
NUMBER, MACHINE = 0, 4
"""Where struct seccomp_data holds the call's number and the machine's."""

# read write close fstat lseek mmap mprotect munmap brk rt_sigaction rt_sigprocmask rt_sigreturn readv writev
# sched_yield mremap madvise nanosleep getpid exit gettimeofday getrusage times sigaltstack gettid time futex
# restart_syscall clock_gettime clock_getres clock_nanosleep exit_group getrandom
X86 = (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 24, 25, 28, 35, 39, 60, 96, 98, 100, 131, 186, 201, 202)
X86_MORE = (219, 228, 229, 230, 231, 318)
ARM = (57, 62, 63, 64, 65, 66, 80, 93, 94, 98, 101, 113, 114, 115, 124, 128, 132, 134, 135, 139, 153, 165, 169, 172)
ARM_MORE = (178, 214, 215, 216, 222, 226, 233, 278)
MACHINES = {"x86_64": (0xC000003E, X86 + X86_MORE), "aarch64": (0xC00000B7, ARM + ARM_MORE)}
"""By machine: its number, and those of the calls that computing and answering need. All others are refused, also new ones."""

LIMITS = {
    resource.RLIMIT_AS: (MEMORY, MEMORY),
    resource.RLIMIT_CPU: (PROCESSOR, PROCESSOR + 1),
    resource.RLIMIT_FSIZE: (0, 0),
    resource.RLIMIT_NOFILE: (3, 3),
    resource.RLIMIT_CORE: (0, 0),
}


class Unfenced(Exception):
    """This kernel or machine gives no fence."""


class Instruction(ctypes.Structure):
    """struct sock_filter."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("first", ctypes.POINTER(Instruction)))


def put_up() -> None:
    """Fence this process in for good; whatever it needs must be imported by now. Raises `Unfenced`."""
    try:
        program = filtering(*MACHINES[platform.machine()])
        os.nice(KINDNESS)
        for kind, bounds in LIMITS.items():
            resource.setrlimit(kind, bounds)
        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (KeyError, OSError, ValueError, AttributeError) as error:
        raise Unfenced from error
    # The kernel kills this process when the bot is killed: nobody else would.
    calls = ((PARENT_DEATH, 9), (NO_NEW_PRIVILEGES, 1), (SECCOMP, FILTER, ctypes.byref(program)))
    if any(prctl(*call, *(0,) * (5 - len(call))) for call in calls):
        raise Unfenced


def filtering(machine: int, allowed: tuple[int, ...]) -> Program:
    """The filter that lets these calls through and refuses all others; another machine's calls end the process."""
    last = len(allowed)
    code = [
        (LOAD, 0, 0, MACHINE),
        (EQUAL, 1, 0, machine),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
        *((EQUAL, last - place, 0, number) for place, number in enumerate(allowed)),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    ]
    return Program(len(code), (Instruction * len(code))(*(Instruction(*line) for line in code)))
