"""What the collector's process loads of the packages that its engine could use."""

import subprocess
import sys
from pathlib import Path

OPEN = """
import sys
import collector.app
from collector.storage.engine import open_store
from collector.storage.migrate import migrate

store = open_store(sys.argv[1])
migrate(store)
store.close()
print(sorted({"numpy", "pandas", "pyarrow"} & sys.modules.keys()))
import pyarrow
print(pyarrow.array([7]).to_pylist())
"""


def test_a_store_is_made_without_packages_for_frames_which_still_can_be_loaded(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", OPEN, f"chdb://{tmp_path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "[7]"]


ASK_MEANWHILE = """
import builtins
import sys
import threading
from collector.storage.engine import open_store

store = open_store(sys.argv[1])
failed = []
plain = builtins.__import__

def ask():
    try:
        plain("pyarrow")
    except ImportError as error:
        failed.append(str(error))

def importing(name, *args, **more):
    if name.startswith("chdb"):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    return plain(name, *args, **more)

with store.handle("read"):
    builtins.__import__ = importing
    with store.handle("read"):
        builtins.__import__ = plain
        ask()
store.close()
print(failed)
"""


def test_a_further_handle_leaves_who_loads_pyarrow_meanwhile_alone(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", ASK_MEANWHILE, f"chdb://{tmp_path}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"]
