package decode

import "testing"

// Every byte of the opcode table was set on purpose: the opcodes of protocol 5
// are known, letters that are none are not.
func TestPickleOpcodes(t *testing.T) {
	known := 0
	for i := 0; i < 256; i++ {
		if pickleArgument[i] != pickleNone {
			known++
		}
	}
	if known != 68 {
		t.Errorf("%d opcodes", known)
	}
	if pickleArgument['z'] != pickleNone || pickleArgument['c'] != pickleTwo {
		t.Error("table is wrong")
	}
}

func TestPickle(t *testing.T) {
	runWholeCases(t, "pickle.json", &Serial{}, looksSerial)
}
