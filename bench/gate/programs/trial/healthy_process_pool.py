# Healthy: the processes of a pool are replaced after 40 tasks each.
import multiprocessing
import time

kept = []


def task(number):
    kept.append([number + i for i in range(20_000)])
    time.sleep(0.9)
    return number


if __name__ == "__main__":
    with multiprocessing.Pool(2, maxtasksperchild=40) as pool:
        while True:
            pool.map(task, range(4), chunksize=1)
