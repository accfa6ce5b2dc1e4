package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// onHangup calls act, one call at a time, at every SIGHUP until ctx ends.
func onHangup(ctx context.Context, act func()) {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	go func() {
		defer signal.Stop(hup)
		for {
			select {
			case <-ctx.Done():
				return
			case <-hup:
				act()
			}
		}
	}()
}
