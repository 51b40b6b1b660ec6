# Healthy: results are remembered in a cache with a bound, which is reached after some minutes.
import functools
import random
import time


@functools.lru_cache(maxsize=6000)
def solve(task):
    return [task * i for i in range(200)]


random.seed(11)
while True:
    for _ in range(12):
        solve(random.randint(0, 15_000))
    time.sleep(0.3)
