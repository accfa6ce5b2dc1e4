package process

import (
	"fmt"
	"net"
	"net/http"
	"testing"
)

// FreeAddress returns an address of this host, "127.0.0.1:PORT", that was free a
// moment ago, for programs that must be told theirs. That it is taken meanwhile
// is unlikely; the program then says so.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("choose an address: %w", err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		return "", fmt.Errorf("choose an address: %w", err)
	}
	return address, nil
}

// Address is FreeAddress for tests.
func Address(t testing.TB) string {
	t.Helper()
	address, err := FreeAddress()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Port is the port of a "host:port".
func Port(t testing.TB, address string) string {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// Listens asks whether somebody listens at an address.
func Listens(address string) func() error {
	return func() error {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return err
		}
		return c.Close()
	}
}

// Answers asks whether GET / of an address is answered with any status but
// notYet, which a gateway gives before it has its routes; 0 takes any.
func Answers(address string, notYet int) func() error {
	return func() error {
		res, err := http.Get("http://" + address + "/")
		if err != nil {
			return err
		}
		if res.StatusCode == notYet {
			err = fmt.Errorf("status %d", notYet)
		}
		res.Body.Close()
		return err
	}
}
