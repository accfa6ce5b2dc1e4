package conformance

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// exchangeTime bounds one request, so that a hanging gateway ends the case and
// not the suite.
const exchangeTime = 30 * time.Second

// pause is what Message.Writes puts between two pieces: enough that a gateway
// reads them apart.
const pause = 5 * time.Millisecond

// HTTP makes the Instance of a gateway that takes HTTP without TLS at address
// ("host:port") and whose events are collected in events.
func HTTP(address string, events *Events) Instance {
	return &httpInstance{Events: events, address: address}
}

type httpInstance struct {
	*Events
	address string
}

// Exchange implements Instance.
func (h *httpInstance) Exchange(ctx context.Context, m *Message) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	if m.HTTP2 {
		return exchange2(ctx, h.address, m)
	}
	return exchange1(ctx, h.address, m)
}

// exchange1 writes the message as it stands to a connection of its own and
// reads the answer meanwhile, which may come before the end of the body.
func exchange1(ctx context.Context, address string, m *Message) (*Answer, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	wrote := make(chan error, 1)
	go func() { wrote <- writePieces(conn, m) }()
	answer, err := readAnswer(bufio.NewReader(conn), m)
	if ctx.Err() != nil {
		return nil, errors.New("no answer in time")
	}
	if err != nil {
		return &Answer{}, nil // hung up: for some requests a fair answer
	}
	conn.Close()
	<-wrote
	return answer, nil
}

func writePieces(conn net.Conn, m *Message) error {
	rest := m.Raw
	for _, n := range m.Writes {
		n = min(n, len(rest))
		if _, err := conn.Write(rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
		time.Sleep(pause)
	}
	_, err := conn.Write(rest)
	if tcp, ok := conn.(*net.TCPConn); ok && m.Unfinished && err == nil {
		err = tcp.CloseWrite()
	}
	return err
}

// readAnswer skips interim answers. An answer to a method of ours may have a
// body that net/http would not expect, except for HEAD.
func readAnswer(r *bufio.Reader, m *Message) (*Answer, error) {
	method, _, _ := strings.Cut(string(m.Raw[:min(len(m.Raw), 16)]), " ")
	for {
		res, err := http.ReadResponse(r, &http.Request{Method: method})
		if err != nil {
			return nil, err
		}
		if res.StatusCode >= 200 || res.StatusCode == http.StatusSwitchingProtocols {
			return takeAnswer(res), nil
		}
	}
}

// maxAnswer is how much of an answer is read.
const maxAnswer = 1 << 20

func takeAnswer(res *http.Response) *Answer {
	defer res.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // the status has come; a cut-off body is shown by its text
	return &Answer{Status: res.StatusCode, Header: res.Header, Body: body}
}

// exchange2 sends the request over HTTP/2 with prior knowledge.
func exchange2(ctx context.Context, address string, m *Message) (*Answer, error) {
	req, err := http.NewRequestWithContext(ctx, m.Request.Method, "http://"+address+m.Request.URI, bytes.NewReader(m.Request.Body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	if path, query, ok := strings.Cut(m.Request.URI, "?"); ok {
		req.URL.Opaque, req.URL.RawQuery = path, query
	} else {
		req.URL.Opaque = path
	}
	for _, h := range m.Request.Headers {
		switch strings.ToLower(h.Name) {
		case "host":
			req.Host = h.Value
		case "transfer-encoding", "content-length", "trailer", "connection":
		default:
			req.Header.Add(h.Name, h.Value)
		}
	}
	if len(m.Request.Trailers) > 0 {
		req.ContentLength = -1
		req.Trailer = http.Header{}
		for _, h := range m.Request.Trailers {
			req.Trailer.Add(h.Name, h.Value)
		}
	}
	tr := &http.Transport{Protocols: new(http.Protocols), DisableCompression: true}
	tr.Protocols.SetUnencryptedHTTP2(true)
	defer tr.CloseIdleConnections()
	res, err := tr.RoundTrip(req)
	if err != nil {
		return &Answer{}, nil
	}
	return takeAnswer(res), nil
}
