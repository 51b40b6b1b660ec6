// Healthy: images are scaled in buffers that are used again.
package main

import (
	"image"
	"image/color"
	"math/rand"
	"time"
)

func main() {
	random := rand.New(rand.NewSource(1))
	for {
		source := image.NewRGBA(image.Rect(0, 0, 300+random.Intn(900), 300+random.Intn(900)))
		for i := 0; i < source.Bounds().Dx(); i++ {
			source.Set(i, i%300, color.White)
		}
		scaled := image.NewRGBA(image.Rect(0, 0, 200, 200))
		scaled.Set(1, 1, source.At(1, 1))
		time.Sleep(150 * time.Millisecond)
	}
}
