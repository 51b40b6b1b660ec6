// Leaks: a token of 16 bytes is kept of each message, and with it the message.
package main

import (
	"strings"
	"time"
)

func main() {
	var tokens []string
	for n := 0; ; n++ {
		message := strings.Repeat("header body ", 2000+n%100)
		tokens = append(tokens, message[:16])
		time.Sleep(200 * time.Millisecond)
	}
}
