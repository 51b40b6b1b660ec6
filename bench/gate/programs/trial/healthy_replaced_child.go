// Healthy: a child process grows to some 40 MB in 45 seconds, ends, and is started again.
package main

import (
	"os"
	"os/exec"
	"time"
)

func work() {
	kept := [][]byte{}
	for i := 0; i < 90; i++ {
		part := make([]byte, 400_000)
		for at := 0; at < len(part); at += 4096 {
			part[at] = 1
		}
		kept = append(kept, part)
		time.Sleep(500 * time.Millisecond)
	}
	if len(kept) == 0 {
		panic("nothing kept")
	}
}

func main() {
	if len(os.Args) > 1 {
		work()
		return
	}
	for {
		if err := exec.Command(os.Args[0], "work").Run(); err != nil {
			panic(err)
		}
	}
}
