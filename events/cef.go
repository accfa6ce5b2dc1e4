package events

import (
	"net/netip"
	"strconv"
	"strings"
)

// cefFormat writes the Common Event Format, version 0 (ArcSight, "Implementing
// ArcSight Common Event Format", version 26). Only keys of its dictionary are
// used; what has none goes into the custom strings and numbers, each with its
// label.
type cefFormat struct{ version string }

// cefKeys are the keys that take a member as it is.
var cefKeys = [...]struct{ key, member string }{
	{"externalId", "event.id"},
	{"act", "event.action"},
	{"cat", "glacis.family"},
	{"requestMethod", "http.request.method"},
	{"dhost", "url.domain"},
	{"request", "url.path"},
	{"reason", "glacis.reason"},
	{"outcome", "glacis.fault"},
	{"msg", "glacis.window"},
	{"deviceProcessName", "observer.name"},
}

// cefCustom are the keys with a label of their own.
var cefCustom = [...]struct{ key, label, member string }{
	{"cs1", "location", "glacis.location"},
	{"cs2", "confidence", "glacis.confidence"},
	{"cs3", "asset", "glacis.asset"},
	{"cs4", "model", "glacis.model"},
	{"cs5", "policy", "glacis.policy"},
	{"cs6", "profile", "glacis.profile"},
	{"cn1", "score", "glacis.score"},
	{"cn2", "uninspected bytes", "glacis.uninspected_bytes"},
}

// Append implements Format.
func (f cefFormat) Append(dst []byte, r Record) ([]byte, error) {
	m, err := r.Members()
	if err != nil {
		return dst, Permanent(err, 1)
	}
	id := m.Text("glacis.family")
	if id == "" {
		id = m.Text("event.action")
	}
	dst = append(dst, "CEF:0|Glacis|glacis"...)
	for _, field := range [...]string{f.version, id, m.Summary(), strconv.Itoa(severityOf(m).cef)} {
		dst = append(append(dst, '|'), cefHeader.Replace(field)...)
	}
	dst = append(dst, '|')
	start := len(dst)
	pair := func(key, value string) {
		if value == "" {
			return
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		dst = append(append(append(dst, key...), '='), cefValue.Replace(value)...)
	}
	if t := m.Time(); !t.IsZero() {
		pair("rt", strconv.FormatInt(t.UnixMilli(), 10))
	}
	cefSource(m.Text("source.ip"), pair)
	for _, k := range cefKeys {
		pair(k.key, m.Text(k.member))
	}
	if m.Text("glacis.window") == "" {
		pair("msg", m.Text("message"))
	}
	for _, k := range cefCustom {
		if value := m.Text(k.member); value != "" {
			pair(k.key, value)
			pair(k.key+"Label", k.label)
		}
	}
	return dst, nil
}

// cefSource writes the address where the dictionary wants it: src is for IPv4
// only.
func cefSource(address string, pair func(key, value string)) {
	ip, err := netip.ParseAddr(address)
	switch {
	case err != nil:
	case ip.Unmap().Is4():
		pair("src", ip.Unmap().String())
	default:
		pair("c6a2", ip.WithZone("").String())
		pair("c6a2Label", "Source IPv6 Address")
	}
}

// Escapes of the header's fields and of the values, which may have several
// lines.
var (
	cefHeader = strings.NewReplacer(`\`, `\\`, `|`, `\|`, "\n", " ", "\r", " ")
	cefValue  = strings.NewReplacer(`\`, `\\`, `=`, `\=`, "\n", `\n`, "\r", `\r`)
)
