// Healthy: buffers of different sizes come from a pool and return to it.
package main

import (
	"math/rand"
	"sync"
	"time"
)

var pool = sync.Pool{New: func() any { return make([]byte, 0, 4096) }}

func main() {
	random := rand.New(rand.NewSource(3))
	for {
		buffer := pool.Get().([]byte)[:0]
		for size := random.Intn(400_000); len(buffer) < size; {
			buffer = append(buffer, byte(size))
		}
		pool.Put(buffer)
		time.Sleep(time.Duration(20+random.Intn(80)) * time.Millisecond)
	}
}
