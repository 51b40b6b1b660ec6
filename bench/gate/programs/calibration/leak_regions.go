// Leaks: 25 kB a second are registered and never released, beside garbage of 3 MB a second.
package main

import "time"

var registered [][]byte

func main() {
	for n := 0; ; n++ {
		garbage := make([]byte, 300_000)
		for i := 0; i < len(garbage); i += 4096 {
			garbage[i] = 1
		}
		registered = append(registered, make([]byte, 2500))
		time.Sleep(100 * time.Millisecond)
	}
}
