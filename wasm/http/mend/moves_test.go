package mend

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"github.com/glacis-waf/glacis/wasm/internal/binary"
)

const (
	testMagic = "\x00asm\x01\x00\x00\x00"
	pages     = 4
)

func vector(elements ...[]byte) []byte {
	return more(&reader{binary.Reader{B: []byte{0}}}, elements...)
}

func section(id byte, body []byte) []byte {
	return append(binary.AppendLEB([]byte{id}, uint64(len(body))), body...)
}

func exported(name string, kind, index byte) []byte {
	return append(sized([]byte(name)), kind, index)
}

// run instantiates a module.
func run(t *testing.T, module []byte) api.Module {
	t.Helper()
	r := wazero.NewRuntimeWithConfig(t.Context(), wazero.NewRuntimeConfigInterpreter())
	t.Cleanup(func() { _ = r.Close(t.Context()) })
	m, err := r.Instantiate(t.Context(), module)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMoves compares fill and move with what Go does, at all offsets that
// matter and with overlaps.
func TestMoves(t *testing.T) {
	module := bytes.Join([][]byte{[]byte(testMagic), section(types, vector(moveType())),
		section(functions, vector([]byte{0}, []byte{0})), section(5, vector([]byte{0, pages})),
		section(exports, vector(exported("fill", 0, 0), exported("move", 0, 1), exported("memory", 2, 0))),
		section(code, vector(sized(fill()), sized(move())))}, nil)
	m := run(t, module)
	want := make([]byte, pages<<16)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range want {
		want[i] = byte(random.Uint32())
	}
	m.Memory().Write(0, want)
	for range 3000 {
		to, from, n := random.IntN(300), random.IntN(300), random.IntN(100)
		if random.IntN(20) == 0 {
			n = random.IntN(10_000)
		}
		name, arg := "move", from
		if random.IntN(2) == 0 {
			name, arg = "fill", random.IntN(256)
			copy(want[to:], bytes.Repeat([]byte{byte(arg)}, n))
		} else {
			copy(want[to:to+n], want[from:from+n])
		}
		if _, err := m.ExportedFunction(name).Call(t.Context(), uint64(to), uint64(arg), uint64(n)); err != nil {
			t.Fatal(err)
		}
		if got, _ := m.Memory().Read(0, 16<<10); !bytes.Equal(got, want[:16<<10]) {
			t.Fatalf("%s(%d, %d, %d)", name, to, arg, n)
		}
	}
}
