// Leaks: a child process maps a segment for each file that it converts and unmaps none; the parent waits for it.
package main

import (
	"os"
	"os/exec"
	"syscall"
	"time"
)

func convert() {
	for {
		segment, err := syscall.Mmap(-1, 0, 64*1024, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			panic(err)
		}
		for i := 0; i < len(segment); i += 4096 {
			segment[i] = 1
		}
		time.Sleep(500 * time.Millisecond)
	}
}

func main() {
	if len(os.Args) > 1 {
		convert()
	}
	if err := exec.Command(os.Args[0], "convert").Run(); err != nil {
		panic(err)
	}
}
