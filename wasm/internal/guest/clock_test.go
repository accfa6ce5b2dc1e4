package guest

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestAppendTime(t *testing.T) {
	check := func(at time.Time) {
		t.Helper()
		want := at.UTC().Format("2006-01-02T15:04:05.000Z")
		if got := string(appendTime(nil, uint64(at.UnixNano()))); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
	}
	for _, text := range []string{"1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999Z", "2000-02-29T12:00:00Z", "2024-02-29T00:00:00Z",
		"2024-03-01T00:00:00Z", "2026-11-22T10:11:12.013Z", "2100-02-28T23:59:59Z", "2100-03-01T00:00:00Z"} {
		at, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		check(at)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		check(time.Unix(0, r.Int64()))
	}
}
