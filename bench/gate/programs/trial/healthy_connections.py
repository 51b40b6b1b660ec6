# Healthy: a pool opens up to twelve connections as load comes, and keeps them.
import random
import sqlite3
import time

random.seed(5)
idle = []
for turn in range(10**9):
    wanted = min(12, 1 + turn // 20) if random.random() < 0.3 else 2
    used = [idle.pop() if idle else sqlite3.connect(":memory:") for _ in range(wanted)]
    for connection in used:
        connection.execute("create table if not exists t (a, b)")
        connection.execute("delete from t")
        connection.executemany("insert into t values (?, ?)", [(i, "v" * 50) for i in range(500)])
        connection.commit()
    idle.extend(used)
    time.sleep(0.5)
