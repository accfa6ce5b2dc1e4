package inspection

import (
	"crypto/rand"
	"net"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/gateway"
)

// Subject is what an event says about the request beside its verdict.
type Subject struct {
	// ID is the request id, one that gateway.KeepID takes.
	ID string
	// Gateway is the wrapper and its mode: "envoy/ext_proc".
	Gateway string
	// Source is the client's address, with or without a port.
	Source string
	// Method, Host and URI are as the client sent them.
	Method, Host, URI string
}

// report writes the event of a finished inspection.
func (in *Inspection) report(about *Subject, action gateway.Action) {
	v := in.Verdict()
	logged := in.s.events != nil && gateway.Reports(in.terms.Log(in.s.cfg.Settings.Log), action, &v)
	recent := in.s.cfg.Recent
	if in.s.cfg.Agent != nil {
		recent = in.s.cfg.Agent.Event
	}
	shown := recent != nil && gateway.Reports(gateway.LogFindings, action, &v)
	if !logged && !shown {
		return
	}
	path, _, _ := strings.Cut(about.URI, "?")
	source := about.Source
	if in.source != "" {
		source = in.source
	}
	e := gateway.Event{Time: time.Now().UTC().Format("2006-01-02T15:04:05.000Z"), ID: about.ID, Gateway: about.Gateway,
		Source: hostOnly(source), Method: about.Method, Host: about.Host, Path: path,
		Action: action, Fault: in.fault, Verdict: v}
	line := e.Append(make([]byte, 0, 512))
	if shown {
		recent(line)
	}
	if logged {
		in.s.events.send(append(line, '\n'))
	}
}

func hostOnly(address string) string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		return host
	}
	return address
}

// RequestID returns the client's id when it is harmless in logs, headers and
// pages, otherwise a fresh one of 128 random bits.
func RequestID(given string) string {
	if gateway.KeepID(given) {
		return given
	}
	b := make([]byte, 16)
	rand.Read(b) // never fails
	return gateway.HexID(b)
}
