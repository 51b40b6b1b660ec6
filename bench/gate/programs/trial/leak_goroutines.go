// Leaks: a goroutine waits for an answer that nobody sends after its time is over.
package main

import "time"

func ask(answers chan int) int {
	var question [12_000]byte
	question[0] = 1
	return <-answers + int(question[0])
}

func main() {
	for {
		go ask(make(chan int))
		time.Sleep(150 * time.Millisecond)
	}
}
