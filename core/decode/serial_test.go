package decode

import "testing"

func TestSerial(t *testing.T) {
	runWholeCases(t, "serial.json", &Serial{}, looksSerial)
}

func looksSerial(b []byte) bool {
	_, ok := LooksSerialized(b)
	return ok
}

func TestSerialKinds(t *testing.T) {
	heads := []string{"\xac\xed\x00\x05", "\x00\x01\x00\x00\x00\xff\xff\xff\xff", "\x80\x04\x95\x00", "\x04\x08o:"}
	for i := range heads {
		if k, ok := LooksSerialized([]byte(heads[i])); !ok || int(k) != i {
			t.Errorf("%q: kind %d, %v", heads[i], int(k), ok)
		}
	}
}
