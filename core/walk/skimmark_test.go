package walk

import (
	"fmt"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// TestSuspects compares what is found at once with a look at each value.
func TestSuspects(t *testing.T) {
	g := new(kernel.Gate)
	for _, s := range []string{"'or", "<sc"} {
		g.Set(kernel.Table[s[0]]&63<<12 | kernel.Table[s[1]]&63<<6 | kernel.Table[s[2]]&63)
	}
	s := NewSkimmer(g)
	cases := []struct {
		values string
		want   []int
	}{
		{"green lamp|12|page", nil},
		{"green lamp|x'or|page|'or y", []int{1, 3}},
		{"100%|green|a&b|<script", []int{0, 2, 3}},
		{"SGVsbG8gd29ybGQ|Green|GREEN_LAMP|greenLamps", []int{0, 3}},
		{"3c7363726970743e616c|deadbeef|12345678901234567890123", []int{0}},
		{"one,Information2x,aaaa|a,b|green lamp", []int{0}},
		{"/find?a=b|green", []int{0}},
		{"a: b\nc|green|x", []int{0}},
		{"0x2e0x2e|green|data:base64,x", []int{0, 2}},
		{"'orSGVsbG8gd29ybGQ|%", []int{0, 1}},
	}
	for _, c := range cases {
		values := strings.Split(c.values, "|")
		got, ok := s.suspects(values)
		if !ok || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%q: %v %v, want %v", c.values, got, ok, c.want)
		}
		for i, v := range values {
			alone, _ := s.suspects([]string{v})
			if listed := contains(c.want, i); listed != (len(alone) > 0) {
				t.Errorf("%q alone: %v", v, alone)
			}
		}
	}
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}
