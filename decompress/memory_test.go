package decompress

import (
	"bytes"
	"encoding/binary"
	"runtime"
	"testing"
)

// maxHeld is the memory that the package comment promises for a body under way.
var maxHeld = map[string]int64{"br": 20 << 20, "zstd": 10 << 20}

// greedy are bodies that claim all that their format allows, at the least cost
// for whoever sends them.
func greedy() map[string][]byte {
	// RFC 7932, section 9.2: WBITS 24, no last meta-block, six nibbles of length,
	// 16 MiB announced, uncompressed; and of these 16 MiB, 1,000 bytes.
	br := binary.LittleEndian.AppendUint32(nil, 0xF|2<<5|(1<<24-1)<<7|1<<31)
	br = append(br, bytes.Repeat([]byte("a"), 1000)...)
	// RFC 8878, section 3.1.1: a window of 8 MiB, filled twice and more with
	// run-length blocks of 128 KiB.
	zstd := append([]byte("\x28\xb5\x2f\xfd\x00\x68"), bytes.Repeat([]byte{2, 0, 16, 'a'}, 160)...)
	return map[string][]byte{"br": br, "zstd": zstd}
}

// TestMemory checks what a body holds while its client lets it wait.
func TestMemory(t *testing.T) {
	for name, body := range greedy() {
		before, expanded := heap(), 0
		d := All()[name]()
		if err := d.Write(body, func(b []byte) bool { expanded += len(b); return true }); err != nil || expanded == 0 {
			t.Fatalf("%s: %d bytes, %v", name, expanded, err)
		}
		held := heap() - before
		t.Logf("%s: %d bytes hold %d KiB", name, len(body), held>>10)
		if held > maxHeld[name] || held < maxHeld[name]/2 { // less: nothing was measured
			t.Errorf("%s: %d bytes are held, the promise is %d", name, held, maxHeld[name])
		}
		if err := d.Close(func([]byte) bool { return true }); err == nil {
			t.Errorf("%s: an unfinished body is no error", name)
		}
	}
}

// heap is what is reachable and what pools keep until the next collection but one.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
