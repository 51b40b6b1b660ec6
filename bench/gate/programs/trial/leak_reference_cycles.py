# Leaks: the collector was switched off for speed, and nodes refer to each other.
import gc
import time

gc.disable()


class Node:
    def __init__(self, parent):
        self.parent = parent
        self.children = []
        self.payload = list(range(100))


while True:
    for _ in range(5):
        root = Node(None)
        root.children = [Node(root) for _ in range(6)]
    time.sleep(0.2)
