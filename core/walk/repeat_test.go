package walk

import (
	"strconv"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/core/kernel"
)

// joins returns what was judged joined of a query.
func joins(query string) []string {
	var r recorder
	w := New(&r, new(kernel.Gate), testLimits())
	w.Target([]byte("/?" + query))
	var out []string
	for _, line := range r.lines {
		if strings.Contains(line, "#join") {
			out = append(out, line)
		}
	}
	return out
}

// TestJoinCrowd checks that no crowd of other parameters hides a repeated name.
func TestJoinCrowd(t *testing.T) {
	for _, crowd := range []int{0, 1, 100, 1000} {
		var b strings.Builder
		for i := 0; i < crowd; i++ {
			b.WriteString("&n" + strconv.Itoa(i) + "=1")
		}
		got := joins("q=a" + b.String() + "&q=b" + b.String()[:b.Len()/2])
		if len(got) == 0 || got[0] != "query.q#join=a,b" {
			t.Errorf("among %d names: %q", crowd, got)
		}
	}
}

// TestJoinNames checks that names are told apart by their bytes, as the skimmer
// does: these have one FNV-1a hash of 32 bits.
func TestJoinNames(t *testing.T) {
	if got := joins("costarring=a&liquid=b"); len(got) > 0 {
		t.Errorf("different names joined: %q", got)
	}
	got := joins("costarring=a&liquid=b&liquid=c")
	if len(got) != 1 || got[0] != "query.liquid#join=b,c" {
		t.Errorf("joined %q", got)
	}
}
