// Package countrytest writes small databases of countries for tests, in the
// format of MaxMind DB 2.0 (maxmind.github.io/MaxMind-DB).
package countrytest

import (
	"encoding/binary"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
)

// Database returns a database of networks, IPv4 or IPv6, and their codes.
func Database(networks map[string]string) []byte {
	nodes := [][2]int{{}} // 0 is empty, n a node, -n the n-th record
	var data []byte
	var places []int
	for text, code := range networks {
		p := netip.MustParsePrefix(text)
		places = append(places, len(data))
		data = append(data, record(code)...)
		address, bits := p.Addr().As16(), p.Bits()
		if p.Addr().Is4() {
			address, bits = netip.AddrFrom16([16]byte{}).As16(), bits+96
			four := p.Addr().As4()
			copy(address[12:], four[:])
		}
		at := 0
		for i := range bits {
			bit := int(address[i/8]>>(7-i%8)) & 1
			if i == bits-1 {
				nodes[at][bit] = -len(places)
				break
			}
			if nodes[at][bit] <= 0 {
				nodes = append(nodes, [2]int{})
				nodes[at][bit] = len(nodes) - 1
			}
			at = nodes[at][bit]
		}
	}
	var out []byte
	for _, n := range nodes {
		for _, v := range n {
			switch {
			case v == 0:
				v = len(nodes)
			case v < 0:
				v = len(nodes) + 16 + places[-v-1]
			}
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
		}
	}
	out = append(out, make([]byte, 16)...)
	out = append(append(out, data...), "\xab\xcd\xefMaxMind.com"...)
	return append(out, metadata(len(nodes))...)
}

// File writes a database into a directory of the test.
func File(t testing.TB, networks map[string]string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "countries.mmdb")
	if err := os.WriteFile(path, Database(networks), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func record(code string) []byte {
	inner := append(object(1), append(text("iso_code"), text(code)...)...)
	return append(object(1), append(text("country"), inner...)...)
}

func metadata(nodes int) []byte {
	out := object(9)
	add := func(key string, value []byte) { out = append(append(out, text(key)...), value...) }
	add("node_count", number(6, nodes))
	add("record_size", number(5, 24))
	add("ip_version", number(5, 6))
	add("database_type", text("Test-Country"))
	add("languages", []byte{0, 4}) // an empty list: extended type 11
	add("binary_format_major_version", number(5, 2))
	add("binary_format_minor_version", number(5, 0))
	add("build_epoch", append([]byte{8, 2}, binary.BigEndian.AppendUint64(nil, 1795341600)...))
	add("description", object(0))
	return out
}

func object(n int) []byte { return []byte{7<<5 | byte(n)} }

func text(s string) []byte { return append([]byte{2<<5 | byte(len(s))}, s...) }

// number is an unsigned number of 16 (type 5) or 32 bits (type 6).
func number(kind, n int) []byte {
	if kind == 5 {
		return []byte{5<<5 | 2, byte(n >> 8), byte(n)}
	}
	return append([]byte{6<<5 | 4}, binary.BigEndian.AppendUint32(nil, uint32(n))...)
}
