# Leaks: a handler keeps each record of the log for a report that nobody draws.
import logging
import time


class Keeping(logging.Handler):
    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


logging.getLogger().addHandler(Keeping())
turn = 0
while True:
    for _ in range(8):
        turn += 1
        logging.getLogger("web").warning("request %d of %s", turn, "client " * 20)
    time.sleep(0.1)
