package store

import (
	"context"
	"syscall"
	"testing"
	"time"
)

// When the disk is full nothing is acknowledged that is not there; when there is
// room again, all goes on.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
		t.Skip("a small file system cannot be mounted here (needs root): ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	c := newClock()
	cfg := settings(dir, c)
	cfg.MinFree = 1
	s := open(t, cfg)
	acked, failed := 0, 0
	for n := 0; failed < 3 && n < 3000; n++ {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		if _, err := s.Publish(ctx, makeBatch(n, 400, 1)); err != nil {
			failed++
		} else {
			acked++
		}
		cancel()
	}
	if failed == 0 || acked == 0 {
		t.Fatal(acked, failed)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=256m"); err != nil {
		t.Fatal(err)
	}
	more := 0
	eventually(t, "there is room again", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		more++
		_, err := s.Publish(ctx, makeBatch(5000+more, 400, 1))
		return err == nil
	})
	s.Close()
	s = open(t, cfg)
	defer s.Close()
	applied(t, s)
	if got := s.records(); got < 400*(acked+1) {
		t.Errorf("%d observations, %d were acknowledged", got, 400*(acked+1))
	}
	t.Logf("%d batches acknowledged, %d failed, %d until it went on", acked, failed, more)
}
