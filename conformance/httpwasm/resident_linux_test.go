package httpwasm

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// residentBytes is the memory of this process as the kernel sees it: instances
// live outside of Go's heap statistics.
func residentBytes(t *testing.T) int64 {
	t.Helper()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	pages, err := strconv.ParseInt(strings.Fields(string(data))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * int64(os.Getpagesize())
}
