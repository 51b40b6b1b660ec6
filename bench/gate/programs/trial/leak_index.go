// Leaks: an index in memory gets each document and loses none.
package main

import (
	"fmt"
	"time"
)

func main() {
	index := map[string][]int{}
	for n := 0; ; n++ {
		for word := 0; word < 20; word++ {
			key := fmt.Sprintf("word-%d-%d", n/3, word)
			index[key] = append(index[key], n)
		}
		time.Sleep(25 * time.Millisecond)
	}
}
