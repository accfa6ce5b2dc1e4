package train

import (
	"math/rand/v2"

	"github.com/glacis-waf/glacis/models/gen"
)

// noiseUploads and noiseSize say how much random binary is generated: about
// ten thousand printable strings fall out of it.
const (
	noiseUploads = 3000
	noiseSize    = 2 << 10
)

// Noise returns uploads of random bytes. Compressed pictures and archives are
// such, and the short strings that chance makes in them look like code.
func Noise(seed int64) []gen.Sample {
	r := rand.New(rand.NewPCG(uint64(seed), 3))
	out := make([]gen.Sample, noiseUploads)
	for i := range out {
		b := make([]byte, noiseSize)
		for k := range b {
			b[k] = byte(r.Uint32())
		}
		out[i] = gen.Sample{Family: "none", Value: string(b), Location: "multipart", Benign: true, Group: "noise"}
	}
	return out
}
