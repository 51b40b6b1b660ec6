// Healthy: 4,000 rows are kept in a table with a bound, and the oldest give way, beside garbage.
package main

import "time"

func main() {
	rows := map[int][]byte{}
	for n := 0; ; n++ {
		rows[n] = make([]byte, 6000)
		delete(rows, n-4000)
		garbage := make([]byte, 50_000)
		garbage[n%len(garbage)] = 1
		time.Sleep(40 * time.Millisecond)
	}
}
