# Leaks: files of finished exports stay open, each with the buffer of its writer.
import os
import tempfile
import time

folder = tempfile.mkdtemp()
open_files = []
while True:
    path = os.path.join(folder, "export")
    handle = open(path, "w", buffering=256 * 1024)
    handle.write("line\n" * 8000)
    os.unlink(path)
    open_files.append(handle)
    if len(open_files) > 900:
        break
    time.sleep(0.7)
while True:
    time.sleep(1)
