# Leaks: a thread is started for each job and waits for ever for a signal that does not come.
import threading
import time


def job(number, stop):
    work = [number + i for i in range(4000)]
    stop.wait()
    return work


number = 0
while True:
    number += 1
    threading.Thread(target=job, args=(number, threading.Event()), daemon=True).start()
    time.sleep(0.8)
