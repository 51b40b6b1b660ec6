// Healthy: tokens are removed 90 seconds after they were given.
package main

import (
	"fmt"
	"time"
)

type token struct {
	given time.Time
	scope []byte
}

func main() {
	tokens := map[string]token{}
	for n := 0; ; n++ {
		tokens[fmt.Sprint("token-", n)] = token{time.Now(), make([]byte, 4000)}
		if n%100 == 0 {
			for key, value := range tokens {
				if time.Since(value.given) > 90*time.Second {
					delete(tokens, key)
				}
			}
		}
		time.Sleep(30 * time.Millisecond)
	}
}
