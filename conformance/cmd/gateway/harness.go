package main

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// harness is what the starters of the suite's gateways need of a test. Of
// testing.TB it has what is defined here.
type harness struct {
	testing.TB
	ctx   context.Context
	undos []func()
}

// ending is how Fatal and Skip leave; run recovers it.
type ending struct {
	code int
	text string
}

// Helper implements testing.TB.
func (h *harness) Helper() {}

// Context implements testing.TB.
func (h *harness) Context() context.Context { return h.ctx }

// Failed implements testing.TB.
func (h *harness) Failed() bool { return false }

// Cleanup implements testing.TB.
func (h *harness) Cleanup(f func()) { h.undos = append(h.undos, f) }

// TempDir implements testing.TB.
func (h *harness) TempDir() string {
	dir, err := os.MkdirTemp("", "glacis-gateway-")
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Fatal implements testing.TB.
func (h *harness) Fatal(args ...any) { panic(ending{2, fmt.Sprint(args...)}) }

// Fatalf implements testing.TB.
func (h *harness) Fatalf(format string, args ...any) { panic(ending{2, fmt.Sprintf(format, args...)}) }

// Skipf implements testing.TB: the gateway cannot be had.
func (h *harness) Skipf(format string, args ...any) { panic(ending{3, fmt.Sprintf(format, args...)}) }

// cleanUp undoes everything, the last first.
func (h *harness) cleanUp() {
	for i := len(h.undos) - 1; i >= 0; i-- {
		h.undos[i]()
	}
}
