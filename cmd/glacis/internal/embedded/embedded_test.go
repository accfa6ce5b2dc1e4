package embedded

import (
	"testing"

	"github.com/glacis-waf/glacis/models/delivery/deliverytest"
)

func TestOpen(t *testing.T) {
	if m, r, err := check(nil); m != nil || r != nil || err != nil {
		t.Error(m, r, err)
	}
	archive := deliverytest.Archive(t, "4.0.0")
	if m, r, err := check(archive); err != nil || m.Name() != "basic 4.0.0" || r.Golden == 0 {
		t.Error(m, r, err)
	}
	if _, _, err := check(archive[:100]); err == nil {
		t.Error("half an archive was taken")
	}
	if _, _, err := Open(); err != nil {
		t.Error(err)
	}
}
