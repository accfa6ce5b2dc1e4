package mend

import (
	"bytes"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// small is a guest by hand: it reads until read_body returns 0, and clears and
// copies memory with the instructions that are to go.
func small() []byte {
	const i0, i1, handle = 0, 1, 2 // types: () i32, (i64) i32, () i64
	read := []byte{0x60, 3, i32, i32, i32, 1, i64}
	// glacis_piece adds to memory[0], fills 4 bytes at 16 with 7, copies them to
	// 24, and returns what it was given.
	piece := []byte{0, opConst32, 0, opConst32, 0, opLoad8, 0, 0, opConst32, 1, opAdd32, opStore8, 0, 0,
		opConst32, 16, opConst32, 7, opConst32, 4, opMore, moreFill, 0,
		opConst32, 24, opConst32, 16, opConst32, 4, opMore, moreCopy, 0, 0,
		opGet, 0, 0xa7, opEnd}
	return bytes.Join([][]byte{[]byte(testMagic),
		section(types, vector([]byte{0x60, 0, 1, i32}, []byte{0x60, 1, i64, 1, i32}, []byte{0x60, 0, 1, i64}, read)),
		section(imports, vector(append(append(sized([]byte(readModule)), sized([]byte(readName))...), 0, 3))),
		section(functions, vector([]byte{i0}, []byte{i1}, []byte{handle}, []byte{handle})),
		section(5, vector([]byte{0, 1})),
		section(exports, vector(exported(beginName, 0, 1), exported(pieceName, 0, 2), exported(finishName, 0, 3), exported(handleName, 0, 4), exported("memory", 2, 0))),
		section(code, vector(sized([]byte{0, opConst32, 32, opEnd}), sized(piece), sized([]byte{0, opConst64, 5, opEnd}), sized([]byte{0, opConst64, 6, opEnd}))),
	}, nil)
}

func TestModule(t *testing.T) {
	mended, err := Module(small())
	if err != nil {
		t.Fatal(err)
	}
	r := wazero.NewRuntimeWithConfig(t.Context(), wazero.NewRuntimeConfigInterpreter())
	defer r.Close(t.Context())
	var asked [][3]uint32
	_, err = r.NewHostModuleBuilder(readModule).NewFunctionBuilder().WithFunc(func(kind, buf, limit uint32) uint64 {
		asked = append(asked, [3]uint32{kind, buf, limit})
		return uint64(3 - len(asked))
	}).Export(readName).Instantiate(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	m, err := r.Instantiate(t.Context(), mended)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.ExportedFunction(handleName).Call(t.Context())
	if err != nil || got[0] != 5 {
		t.Errorf("%v %v", got, err)
	}
	if len(asked) != 3 || asked[0] != [3]uint32{0, 32, 32 << 10} {
		t.Errorf("read_body was called with %v", asked)
	}
	memory(t, m, 0, "\x03")
	memory(t, m, 15, "\x00\x07\x07\x07\x07\x00\x00\x00\x00\x07\x07\x07\x07\x00")
	if bytes.Contains(mended, []byte{opMore, moreFill}) || bytes.Contains(mended, []byte{opMore, moreCopy}) {
		t.Error("an instruction is still there")
	}
}

func memory(t *testing.T, m api.Module, at uint32, want string) {
	t.Helper()
	if got, _ := m.Memory().Read(at, uint32(len(want))); string(got) != want {
		t.Errorf("at %d there is %q, want %q", at, got, want)
	}
}

// TestNoModule: what is no such guest is an error and no panic.
func TestNoModule(t *testing.T) {
	guest := small()
	for n := range guest {
		if _, err := Module(guest[:n]); err == nil {
			t.Errorf("the first %d bytes are a guest", n)
		}
	}
	for i := range guest {
		odd := bytes.Clone(guest)
		odd[i] ^= 0xff
		_, _ = Module(odd)
	}
	for _, name := range []string{readName, beginName, pieceName, finishName, handleName} {
		if _, err := Module(bytes.Replace(guest, []byte(name), bytes.ToUpper([]byte(name)), 1)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: %v", name, err)
		}
	}
}
