# Healthy: a batch job reads, joins and writes, in phases of different size, and begins again.
import time

while True:
    read = [f"line {i} of the input" for i in range(150_000)]
    time.sleep(25)
    joined = {line: len(line) for line in read}
    time.sleep(20)
    written = "\n".join(sorted(joined))
    del read, joined
    time.sleep(15)
    del written
    time.sleep(20)
