# Healthy: entries expire after two minutes, so that the table levels off.
import collections
import time

entries = collections.OrderedDict()
number = 0
while True:
    now = time.monotonic()
    for _ in range(20):
        number += 1
        entries[number] = (now, "z" * 1500)
    while entries and next(iter(entries.values()))[0] < now - 120:
        entries.popitem(last=False)
    time.sleep(0.25)
