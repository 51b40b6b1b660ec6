# Healthy: the last 4,000 measurements are kept; the ring is full after some three minutes.
import collections
import time

ring = collections.deque(maxlen=4000)
turn = 0
while True:
    for _ in range(5):
        turn += 1
        ring.append({"turn": turn, "values": [turn * 0.5 + i for i in range(150)]})
    time.sleep(0.25)
