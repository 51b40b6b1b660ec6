# Leaks: sessions get a number of their own each time, and none is ever removed.
import time

sessions = {}
number = 0
while True:
    for _ in range(15):
        number += 1
        sessions[f"session-{number}"] = {"user": number, "roles": [str(number + i) for i in range(40)], "page": "p" * 500}
    time.sleep(0.25)
