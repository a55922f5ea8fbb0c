"""Processes that the benchmark starts, and what the kernel says of them."""
import ctypes
import os
import signal
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 30  # seconds that a server may take to answer


OURS = "isod-bench-"  # begins the name of everything that outlives a process: directories, network namespaces
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


def own_name():
    return f"{OURS}{os.getpid()}-"


def abandoned(directory):
    """The paths in it that benchmarks left which were killed."""
    for name in os.listdir(directory) if os.path.isdir(directory) else []:
        pid = name.removeprefix(OURS).partition("-")[0]
        if name.startswith(OURS) and pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            yield os.path.join(directory, name)


def end_with_parent():
    """In a child before its program: it is killed when this process is."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Server:
    """A process that runs until it is stopped. `pid` is the program's own: no shell stands between.

    `tied`: it is killed when this process is. That makes its start slower by milliseconds, so what is timed is not.
    """

    def __init__(self, name, command, log, env=None, on_line=None, tied=True):
        self.name = name
        self._log = log
        with open(log, "wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output if on_line is None else subprocess.PIPE,
                stderr=subprocess.STDOUT, env=env, preexec_fn=end_with_parent if tied else None)
        self.pid = self._process.pid
        if on_line is not None:
            threading.Thread(target=self._tell, args=(on_line,), daemon=True).start()

    def wait_until(self, answers):
        deadline = time.monotonic() + PATIENCE
        while not answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                with open(self._log, errors="replace") as log:
                    raise SystemExit(f"{self.name} does not answer:\n{log.read()}")
            time.sleep(0.002)

    def cpu(self):
        """CPU seconds since its start, of its ended threads too."""
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, key="VmRSS"):
        """MiB resident: VmRSS now, VmHWM at most since the last reset_peak."""
        with open(f"/proc/{self.pid}/status") as status:
            line = next(line for line in status if line.startswith(key))
        return int(line.split()[1]) / 1024

    def reset_peak(self):
        with open(f"/proc/{self.pid}/clear_refs", "w") as refs:
            refs.write("5")

    def _tell(self, on_line):
        with open(self._log, "wb") as log:
            for line in self._process.stdout:
                on_line(line.decode(errors="replace"))
                log.write(line)
                log.flush()

    def stop(self):
        if self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class PeakWatch:
    """Looks now and then at the memory of a process and its children: MiB at most, of the largest."""

    def __init__(self, pid):
        self._pid, self._peak, self._over = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def stop(self):
        self._over.set()
        self._thread.join()
        return self._peak

    def _watch(self):
        while not self._over.wait(0.05):
            try:
                with open(f"/proc/{self._pid}/task/{self._pid}/children") as children:
                    pids = [self._pid, *children.read().split()]
                for pid in pids:
                    with open(f"/proc/{pid}/status") as status:
                        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
                    self._peak = max(self._peak, peak / 1024)
            except (OSError, StopIteration):
                pass  # it has ended


class Run:
    """One command from its start to its end: wall seconds, CPU seconds, MiB at most, of all its children."""

    def __init__(self, command):
        shell = isinstance(command, str)
        arguments = ["bash", "-c", "set -o pipefail; " + command] if shell else command
        begun = time.monotonic()
        process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        # Not from wait4(2): its peak is at least that of the process that it was forked from.
        watch = PeakWatch(process.pid)
        text = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.peak = watch.stop()
        self.wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{command} ended with {process.returncode}: {text.decode(errors='replace')}")
        self.cpu = usage.ru_utime + usage.ru_stime


def end_on_signals():
    """A signal becomes an exit in good order, so that everything is cleaned up."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: (_ for _ in ()).throw(SystemExit(128 + received)))
