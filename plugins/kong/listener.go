package kong

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
)

// Listener is a unix socket that was put in its place at once.
type Listener struct {
	net.Listener
	path string
	self os.FileInfo
}

// Listen makes a unix socket for owner and group. It takes the place of an
// older one by renaming, so there is no moment without a socket; it is not
// removed at the end, because by then it may be a successor's.
func Listen(path string) (*Listener, error) {
	temporary := path + "." + strconv.Itoa(os.Getpid())
	if err := os.Remove(temporary); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("listen for Kong: %w", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: temporary, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("listen for Kong: %w", err)
	}
	l.SetUnlinkOnClose(false)
	err = os.Chmod(temporary, 0o660)
	if err == nil {
		err = os.Rename(temporary, path)
	}
	var self os.FileInfo
	if err == nil {
		self, err = os.Stat(path)
	}
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("listen for Kong: %w", err)
	}
	return &Listener{l, path, self}, nil
}

// current says whether the socket still stands at its path.
func (l *Listener) current() bool {
	info, err := os.Stat(l.path)
	return err != nil || os.SameFile(info, l.self)
}
