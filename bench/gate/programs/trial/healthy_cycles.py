# Healthy: objects refer to each other and are collected now and then.
import time


class Session:
    def __init__(self):
        self.self = self
        self.data = [str(i) for i in range(300)]


while True:
    for _ in range(20):
        Session()
    time.sleep(0.15)
