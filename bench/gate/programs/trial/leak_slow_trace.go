// Leaks: spans of finished requests are kept for a trace, 15 kB a second, beside garbage of 4 MB a second.
package main

import "time"

type span struct {
	parent *span
	fields [180]int
}

func main() {
	var last *span
	for {
		garbage := make([]byte, 400_000)
		for i := 0; i < len(garbage); i += 4096 {
			garbage[i] = 1
		}
		last = &span{parent: last}
		time.Sleep(100 * time.Millisecond)
	}
}
