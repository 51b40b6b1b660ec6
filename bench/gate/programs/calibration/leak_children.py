# Leaks: helper processes are started and never ended.
import subprocess
import time

helpers = []
while True:
    helpers.append(subprocess.Popen(["sleep", "100000"]))
    if len(helpers) > 250:
        break
    time.sleep(2.5)
while True:
    time.sleep(1)
