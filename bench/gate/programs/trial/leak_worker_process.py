# Leaks: a worker process remembers each job that it did; its parent only hands jobs out and makes garbage.
import multiprocessing
import time


def work(jobs):
    done = []
    while True:
        job = jobs.get()
        done.append({"job": job, "result": [float(job + i) for i in range(300)]})


if __name__ == "__main__":
    jobs = multiprocessing.Queue()
    multiprocessing.Process(target=work, args=(jobs,), daemon=True).start()
    job = 0
    while True:
        job += 1
        jobs.put(job)
        garbage = ["g" * 100 for _ in range((job % 50) * 1000)]
        del garbage
        time.sleep(0.25)
