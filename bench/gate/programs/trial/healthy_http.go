// Healthy: a server answers its own client.
package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		io.WriteString(answer, strings.Repeat("row of "+request.URL.Path, 5000))
	}))
	for {
		answer, err := http.Get(server.URL + "/table")
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		time.Sleep(50 * time.Millisecond)
	}
}
