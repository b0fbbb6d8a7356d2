"""Kerbwatt as a child process, and its times."""

import atexit
import http.client
import json
import math
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.parse


class Server:
    """`kerbwatt serve` or `demo` as a child process."""

    def __init__(self, *command: str):
        self.begun = time.perf_counter()
        self.child = subprocess.Popen([*command, "--port", "0"], stdout=subprocess.PIPE, text=True)
        atexit.register(self.child.kill)  # Does nothing once it has ended.
        for line in self.child.stdout:
            if found := re.match(r"Kerbwatt is ready: http://([^:/]+):(\d+)", line):
                self.http = http.client.HTTPConnection(found[1], int(found[2]), timeout=600)
                return
        sys.exit(f"{' '.join(command)} ended with {self.child.wait()} before it was ready")

    def get(self, path: str) -> bytes:
        """Body of an answer, asked for without an ETag."""
        self.http.request("GET", "/api/v1" + path)
        response = self.http.getresponse()
        body = response.read()
        if response.status != 200:
            sys.exit(f"{path}: {response.status} {body.decode()[:400]}")
        return body

    def post(self, path: str, body: bytes) -> dict:
        """Answer to something that is to be done."""
        self.http.request("POST", "/api/v1" + path, body, {"Kerbwatt-Action": "1", "Content-Type": "application/octet-stream"})
        response = self.http.getresponse()
        answer = response.read()
        if response.status != 200:
            sys.exit(f"{path}: {response.status} {answer.decode()[:400]}")
        return json.loads(answer)

    def memory(self) -> tuple[float, float]:
        """Resident memory now and at its highest, MiB."""
        status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        return tuple(int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1024 for name in ("VmRSS", "VmHWM"))

    def stop(self) -> None:
        self.child.send_signal(signal.SIGTERM)
        self.child.wait(30)


def timed(work) -> tuple[float, object]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def spread(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1e3, ordered[min(len(ordered) - 1, math.ceil(0.95 * len(ordered)) - 1)] * 1e3
