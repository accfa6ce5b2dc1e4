package events

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// ioTimeout bounds connecting and writing to a receiver.
const ioTimeout = 10 * time.Second

// syslogConn is a connection that is made when it is needed.
type syslogConn interface {
	send(ctx context.Context, message []byte) error
	datagrams() bool
	close() error
}

// netConn is a syslogConn over UDP, TCP or TLS.
type netConn struct {
	network, address string
	tls              *tls.Config // nil for plain text
	conn             net.Conn
	gone             *atomic.Bool // the peer has closed
}

func (c *netConn) datagrams() bool { return c.network == "udp" }

// send writes a message whole, on a new connection if there is none or its peer
// has closed it.
func (c *netConn) send(ctx context.Context, message []byte) error {
	if c.conn != nil && c.gone.Load() {
		_ = c.close() // it has ended already
	}
	if c.conn == nil {
		if err := c.dial(ctx); err != nil {
			return err
		}
	}
	if err := c.conn.SetWriteDeadline(time.Now().Add(ioTimeout)); err != nil {
		return errors.Join(err, c.close())
	}
	stop := context.AfterFunc(ctx, func() { _ = c.conn.SetWriteDeadline(time.Now()) }) // fails only if it has ended
	_, err := c.conn.Write(message)
	stop()
	switch {
	case errors.Is(err, syscall.EMSGSIZE):
		return Permanent(fmt.Errorf("%d bytes are too long for a datagram: %w", len(message), err), 1)
	case err != nil:
		_ = c.close() // the error before it is the one to tell
		return err
	}
	return nil
}

func (c *netConn) dial(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ioTimeout)
	defer cancel()
	dialer := &net.Dialer{KeepAlive: 30 * time.Second}
	var err error
	if c.tls != nil {
		c.conn, err = (&tls.Dialer{NetDialer: dialer, Config: c.tls}).DialContext(ctx, "tcp", c.address)
	} else {
		c.conn, err = dialer.DialContext(ctx, c.network, c.address)
	}
	if err != nil {
		c.conn = nil
		return err
	}
	gone := new(atomic.Bool)
	c.gone = gone
	if !c.datagrams() {
		go watch(c.conn, gone)
	}
	return nil
}

// watch notes when the peer closes: it has nothing to say, so that a read
// returns only then. Without it the first write after that would vanish.
func watch(conn net.Conn, gone *atomic.Bool) {
	_, _ = io.Copy(io.Discard, conn) // any end is the end
	gone.Store(true)
}

func (c *netConn) close() error {
	if c.conn == nil {
		return nil
	}
	err := c.conn.Close()
	c.conn = nil
	return err
}
