#!/usr/bin/env python3
"""Builds one libFuzzer program and lets it look for a crash.

  fuzz.py NAME [SECONDS]

Those of YAML, templates and CSV run for a minute, the others for ten seconds, or as long as
LEAT_FUZZ_SECONDS says. Starts from test/fuzz/corpus/NAME where there is one; what it finds on the way stays in
build/asan/corpus/NAME, so that a later run goes on. An input that fails is left in
build/asan/failed/NAME.
"""
import fcntl
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build" / "asan"
LONG = ("yaml_fuzz", "template_fuzz", "csv_fuzz")


def build():
    """All of them, one of us at a time: ctest runs several."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with open(BUILD / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return subprocess.run([ROOT / "scripts" / "build", "asan", "fuzzers"]).returncode == 0


def main(name, seconds=None):
    if not shutil.which("clang++-19"):
        print("fuzz: skipped, there is no clang++-19; scripts/bootstrap test brings it")
        return 77
    seconds = seconds or os.environ.get("LEAT_FUZZ_SECONDS") or (60 if name in LONG else 10)
    if not build():
        return 1
    seeds = pathlib.Path(__file__).resolve().parent / "corpus" / name
    corpus, failed = BUILD / "corpus" / name, BUILD / "failed" / name
    for folder in (corpus, failed):
        folder.mkdir(parents=True, exist_ok=True)
    # The engine's archives are not instrumented, so their containers look torn from here.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_container_overflow=0:detect_leaks=1"}
    command = [BUILD / name, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048",
               "-max_len=65536", "-print_final_stats=1", f"-artifact_prefix={failed}/", corpus]
    if seeds.is_dir():
        command.append(seeds)
    done = subprocess.run(command, env=environment, capture_output=True, text=True,
                          errors="backslashreplace")
    print(done.stderr[-6000:])
    if done.returncode != 0:
        print(f"fuzz: {name} failed; the input is in {failed}")
    return 1 if done.returncode else 0


sys.exit(main(*sys.argv[1:]))
