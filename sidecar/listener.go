package sidecar

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
)

// listener is a socket with the TLS configuration that belongs on it, nil for
// plain text.
type listener struct {
	net.Listener
	name string
	tls  *tls.Config
}

// secured is the socket as a server uses it.
func (l *listener) secured() net.Listener {
	if l.tls == nil {
		return l.Listener
	}
	return tls.NewListener(l.Listener, l.tls)
}

// listen opens an address: "unix:/path", or "host:port", which must be a
// loopback address unless there is TLS and strangers can be told apart.
func (c *Config) listen(address string, secure *tls.Config) (*listener, error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok {
		return listenUnix(path)
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("listen on %q: want host:port or unix:/path: %w", address, err)
	}
	if !isLoopback(host) {
		if secure == nil {
			return nil, fmt.Errorf("listen on %q: beyond loopback only with TLS (certificate and key)", address)
		}
		if c.Token == "" && c.ClientCA == "" {
			return nil, fmt.Errorf("listen on %q: beyond loopback only with a token or client certificates", address)
		}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return &listener{Listener: l, name: l.Addr().String(), tls: secure}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// listenUnix opens a unix socket that only the same user and group may use. A
// socket file that nobody serves any more is replaced.
func listenUnix(path string) (*listener, error) {
	if conn, err := net.Dial("unix", path); err == nil {
		conn.Close()
		return nil, fmt.Errorf("listen on unix:%s: something else does already", path)
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("listen on unix:%s: remove the dead socket: %w", path, err)
		}
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if err := os.Chmod(path, 0o660); err != nil {
		l.Close()
		return nil, fmt.Errorf("listen on unix:%s: %w", path, err)
	}
	return &listener{Listener: l, name: "unix:" + path}, nil
}

// secure returns the TLS configuration, nil without a certificate.
func (c *Config) secure() (*tls.Config, error) {
	if c.TLSCert == "" {
		return nil, nil
	}
	cert, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
	if err != nil {
		return nil, fmt.Errorf("certificate: %w", err)
	}
	t := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	if c.ClientCA == "" {
		return t, nil
	}
	pem, err := os.ReadFile(c.ClientCA)
	if err != nil {
		return nil, fmt.Errorf("client authority: %w", err)
	}
	t.ClientCAs, t.ClientAuth = x509.NewCertPool(), tls.RequireAndVerifyClientCert
	if !t.ClientCAs.AppendCertsFromPEM(pem) {
		return nil, errors.New("client authority: " + c.ClientCA + ": no certificate in it")
	}
	return t, nil
}
