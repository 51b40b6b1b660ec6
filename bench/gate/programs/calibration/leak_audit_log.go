// Leaks: an audit log in memory grows with each request, beside garbage of the requests.
package main

import (
	"fmt"
	"strings"
	"time"
)

var audit []string

func main() {
	for n := 0; ; n++ {
		request := make([]byte, 200_000)
		request[n%len(request)] = 1
		audit = append(audit, fmt.Sprintf("%d %s", n, strings.Repeat("entry ", 500)))
		time.Sleep(60 * time.Millisecond)
	}
}
