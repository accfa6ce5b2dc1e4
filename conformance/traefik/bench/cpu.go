package main

import (
	"syscall"
	"time"
)

// threadTime is the CPU time of the calling thread.
func threadTime() time.Duration {
	const ownThread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(ownThread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
