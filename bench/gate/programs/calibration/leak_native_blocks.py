# Leaks: a library is given blocks that are never freed, while Python's own objects come and go.
import ctypes
import time

libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
turn = 0
while True:
    turn += 1
    rows = [{"row": i, "text": "y" * 100} for i in range(20000 if turn % 40 == 0 else 500)]
    block = libc.malloc(9000)
    libc.memset(block, turn % 255, 9000)
    del rows
    time.sleep(0.2)
