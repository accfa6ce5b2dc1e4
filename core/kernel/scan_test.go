package kernel

import "testing"

// reference is Scan as its documentation has it, without any thinning.
func reference(v []byte, g *Gate) (Class, []int) {
	var acc, t uint32
	var hits []int
	for i := 0; i < len(v); i++ {
		e := Table[v[i]]
		acc |= e
		t = (t<<6 | e&63) & 0x3ffff
		if g.Has(t) {
			hits = append(hits, i)
		}
	}
	return Class(acc &^ 63), hits
}

// cover marks the bytes within reach of the hits.
func cover(n int, hits []int) []bool {
	out := make([]bool, n)
	for _, p := range hits {
		for i := p - 48; i < p+64; i++ {
			if i >= 0 && i < n {
				out[i] = true
			}
		}
	}
	return out
}

// checkScan compares Scan with the reference: the same classes, and the same
// bytes within reach of a hit, unless hits were lost behind the last.
func checkScan(t *testing.T, v []byte, g *Gate) {
	t.Helper()
	var h Hits
	class := Scan(v, g, &h)
	want, all := reference(v, g)
	if class != want {
		t.Fatalf("%q: classes %x, want %x", v, class, want)
	}
	var got []int
	for i := 0; i < h.N; i++ {
		if i > 0 && h.Pos[i] <= h.Pos[i-1] {
			t.Fatalf("%q: positions do not ascend: %v", v, h.Pos[:h.N])
		}
		if i > 1 && h.Pos[i]-h.Pos[i-2] <= Reach {
			t.Fatalf("%q: position %d adds nothing", v, h.Pos[i-1])
		}
		got = append(got, int(h.Pos[i]))
	}
	if h.N == MaxHits {
		return
	}
	a, b := cover(len(v), got), cover(len(v), all)
	for i := 0; i < len(v); i++ {
		if a[i] != b[i] {
			t.Fatalf("%q: byte %d is in reach of a hit: %v, want %v", v, i, a[i], b[i])
		}
	}
}

// gateOf makes a gate of the trigrams of a text.
func gateOf(text string) *Gate {
	g := new(Gate)
	t := uint32(0)
	for i := 0; i < len(text); i++ {
		t = (t<<6 | Table[text[i]]&63) & 0x3ffff
		if i >= 2 {
			g.Set(t)
		}
	}
	return g
}

func TestScan(t *testing.T) {
	g := gateOf("'or'--<script>")
	texts := []string{"", "a", "ab", "abc", "abcd", "abcde", "'or", "x'OR'1", "12345'--", "<script>alert(1)</script>",
		"no hit here", "\x00\xff\t\r\n%&\\'\"`<>{}[]()=;|,~+$^*#:/.-!?@_Aa0"}
	for _, s := range texts {
		checkScan(t, []byte(s), g)
		long := make([]byte, 0, 3000)
		for gap := 1; gap < 130; gap += 9 {
			long = append(long, s...)
			for i := 0; i < gap; i++ {
				long = append(long, 'a')
			}
		}
		checkScan(t, long, g)
	}
}

// TestScanAll scans long values with hits everywhere and nowhere.
func TestScanAll(t *testing.T) {
	v := make([]byte, 40000)
	for i := range v {
		v[i] = byte('a' + i%26)
	}
	full := new(Gate)
	for i := 0; i < len(full); i++ {
		full[i] = ^uint64(0)
	}
	var h Hits
	Scan(v, full, &h)
	if h.N != MaxHits || h.Pos[0] != 0 {
		t.Errorf("%d hits, the first at %d", h.N, h.Pos[0])
	}
	Scan(v, new(Gate), &h)
	if h.N != 0 {
		t.Errorf("%d hits of an empty gate", h.N)
	}
	checkScan(t, v[:14000], full)
}

// TestTable checks the alphabet: every byte has one class and a symbol below
// 63, and symbols stand for what Letter says.
func TestTable(t *testing.T) {
	for i := 0; i < 256; i++ {
		sym, class := Table[i]&63, Table[i]&^63
		if class == 0 || class&(class-1) != 0 {
			t.Errorf("byte %#x has classes %x", i, class)
		}
		if sym == SymOpaque {
			t.Errorf("byte %#x has the symbol of random runs", i)
		}
		if i > ' ' && i < 0x7f && (i < '0' || i > '9') {
			want := byte(i)
			if want >= 'A' && want <= 'Z' {
				want |= 0x20
			}
			if got := Letter(uint8(sym)); got != want {
				t.Errorf("byte %q spells %q", byte(i), got)
			}
		}
	}
}
