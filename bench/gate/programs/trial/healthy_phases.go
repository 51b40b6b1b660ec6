// Healthy: a job loads 60 MB, works on them, lets them go and rests, which the runtime returns only slowly.
package main

import "time"

func main() {
	for {
		parts := [][]byte{}
		for i := 0; i < 60; i++ {
			part := make([]byte, 1<<20)
			for at := 0; at < len(part); at += 4096 {
				part[at] = 1
			}
			parts = append(parts, part)
			time.Sleep(500 * time.Millisecond)
		}
		time.Sleep(15 * time.Second)
		parts = nil
		for i := 0; i < 100; i++ {
			garbage := make([]byte, 100_000)
			garbage[i] = 1
			time.Sleep(400 * time.Millisecond)
		}
	}
}
