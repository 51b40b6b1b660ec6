# Healthy: tables of changing size are built, sorted and dropped.
import random
import time

random.seed(7)
while True:
    rows = [[random.random() for _ in range(10)] for _ in range(random.randint(2000, 40000))]
    rows.sort(key=lambda row: row[0])
    time.sleep(random.uniform(1, 6))
    del rows
    time.sleep(random.uniform(0, 3))
