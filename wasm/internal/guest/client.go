package guest

import (
	"strings"

	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// readClient asks the host for the client's address.
func (s *stream) readClient() {
	if address, ok := s.vm.host.Property("source\x00address"); ok {
		s.client = s.note.copy(abi.Text(address), maxClient)
	}
}

// believe puts the address that trusted proxies have passed on in the place of
// their own, if the policy names any.
func (s *stream) believe(pairs abi.Pairs) {
	header := s.plugin.forwarded
	if header == "" {
		return
	}
	lines := s.vm.lines[:0]
	for name, value, more := pairs.Next(); more; name, value, more = pairs.Next() {
		if name == header {
			lines = append(lines, value)
		}
	}
	if client := s.plugin.terms.Client(s.client, lines); client != s.client {
		s.client = s.note.copy(client, maxClient)
	}
	clear(lines)
	s.vm.lines = lines[:0]
}

// withoutPort cuts the port off an address: "10.0.0.1:80", "[::1]:80". One
// without a port, as from a header, is left alone.
func withoutPort(address string) string {
	if i := strings.LastIndexByte(address, ':'); i >= 0 && (address[0] == '[' || strings.IndexByte(address, ':') == i) && address[len(address)-1] != ']' {
		address = address[:i]
	}
	if n := len(address); n > 1 && address[0] == '[' && address[n-1] == ']' {
		return address[1 : n-1]
	}
	return address
}
