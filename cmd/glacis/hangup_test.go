package main

import (
	"syscall"
	"testing"
	"time"
)

// TestOnHangup: everybody hears every SIGHUP.
func TestOnHangup(t *testing.T) {
	heard := make(chan string, 2)
	onHangup(t.Context(), func() { heard <- "model" })
	onHangup(t.Context(), func() { heard <- "policy" })
	for range 2 {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		got := map[string]bool{}
		for range 2 {
			select {
			case name := <-heard:
				got[name] = true
			case <-time.After(time.Minute):
				t.Fatalf("only %v heard it", got)
			}
		}
		if len(got) != 2 {
			t.Errorf("only %v heard it", got)
		}
	}
}
