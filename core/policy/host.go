package policy

import (
	"errors"
	"strings"
)

// sites finds assets by host: exact names first, then the longest wildcard,
// then the rest; names with a port before those without.
type sites struct {
	// exact has "shop.example" and "shop.example:8443".
	exact map[string]*paths
	// below has the names behind "*.", label by label from the right.
	below *label
	// rest is for every host, byPort for every host on a port (":8443").
	rest   *paths
	byPort map[string]*paths
}

// label is a node of the tree of wildcards.
type label struct {
	next   map[string]*label
	any    *paths
	byPort map[string]*paths
}

// paths finds assets by path prefix.
type paths struct {
	next  map[string]*paths
	asset int // -1: none
}

func newPaths() *paths { return &paths{next: map[string]*paths{}, asset: -1} }

// add enters an asset for a prefix; it returns the asset that was there, or -1.
func (p *paths) add(prefix string, asset int) int {
	segments := strings.Split(prefix, "/")
	for i := 0; i < len(segments); i++ {
		if segments[i] == "" {
			continue
		}
		child := p.next[segments[i]]
		if child == nil {
			child = newPaths()
			p.next[segments[i]] = child
		}
		p = child
	}
	if p.asset >= 0 {
		return p.asset
	}
	p.asset = asset
	return -1
}

// find returns the asset of the longest prefix, or -1. The path is plain or
// raw; empty segments are passed over.
func (p *paths) find(path []byte) int {
	best := p.asset
	for i := 0; i < len(path) && len(p.next) > 0; {
		for i < len(path) && path[i] == '/' {
			i++
		}
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		child := p.next[string(path[i:end])]
		if child == nil {
			break
		}
		p = child
		if p.asset >= 0 {
			best = p.asset
		}
		i = end
	}
	return best
}

// add enters an asset for a host as written; it returns the tree of its paths.
func (s *sites) add(host string) (*paths, error) {
	name, port, err := splitHost(host)
	if err != nil {
		return nil, err
	}
	if name == "*" {
		if port == "" {
			return s.rest, nil
		}
		return inPaths(s.byPort, port), nil
	}
	if !strings.HasPrefix(name, "*.") {
		if strings.IndexByte(name, '*') >= 0 {
			return nil, errors.New("a * stands alone or before the first dot")
		}
		if port != "" {
			name += ":" + port
		}
		return inPaths(s.exact, name), nil
	}
	rest := name[2:]
	if rest == "" || strings.IndexByte(rest, '*') >= 0 {
		return nil, errors.New("a * stands alone or before the first dot")
	}
	node := s.below
	labels := strings.Split(rest, ".")
	for i := len(labels) - 1; i >= 0; i-- {
		child := node.next[labels[i]]
		if child == nil {
			child = &label{next: map[string]*label{}, byPort: map[string]*paths{}}
			node.next[labels[i]] = child
		}
		node = child
	}
	if port != "" {
		return inPaths(node.byPort, port), nil
	}
	if node.any == nil {
		node.any = newPaths()
	}
	return node.any, nil
}

func inPaths(m map[string]*paths, key string) *paths {
	if m[key] == nil {
		m[key] = newPaths()
	}
	return m[key]
}

// splitHost divides a host of a policy into lower-case name and port.
func splitHost(host string) (string, string, error) {
	name, port := cut([]byte(host))
	text := strings.ToLower(string(name))
	if text == "" || len(text) > 253 || strings.ContainsAny(host, "/ ?#@") {
		return "", "", errors.New("want a host name, without scheme and path")
	}
	p := string(port)
	if p == "*" {
		p = ""
	}
	for i := 0; i < len(p); i++ {
		if p[i] < '0' || p[i] > '9' || len(p) > 5 {
			return "", "", errors.New("the port is no number")
		}
	}
	return text, p, nil
}

// cut divides host[:port]; brackets stay with the name, a dot at the end of
// the name goes.
func cut(host []byte) ([]byte, []byte) {
	var port []byte
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] == ']' {
			break
		}
		if host[i] == ':' {
			port = host[i+1:]
			host = host[:i]
			break
		}
	}
	if n := len(host); n > 1 && host[n-1] == '.' {
		host = host[:n-1]
	}
	return host, port
}

// find returns the asset for a lower-case host and a path, or -1.
func (s *sites) find(host, path []byte) int {
	name, port := cut(host)
	if len(port) > 0 && len(s.exact) > 0 && len(name)+1+len(port) == len(host) {
		if p := s.exact[string(host)]; p != nil {
			if a := p.find(path); a >= 0 {
				return a
			}
		}
	}
	if p := s.exact[string(name)]; p != nil {
		if a := p.find(path); a >= 0 {
			return a
		}
	}
	if len(s.below.next) > 0 {
		if a := s.below.find(name, port, path, 0); a >= 0 {
			return a
		}
	}
	if p := s.byPort[string(port)]; p != nil {
		if a := p.find(path); a >= 0 {
			return a
		}
	}
	return s.rest.find(path)
}

// maxLabels is how many labels of a name are looked at; DNS allows 127.
const maxLabels = 127

// find goes down to the longest wildcard first.
func (l *label) find(name, port, path []byte, depth int) int {
	if len(name) == 0 || depth > maxLabels {
		return -1
	}
	start := len(name)
	for start > 0 && name[start-1] != '.' {
		start--
	}
	child := l.next[string(name[start:])]
	if child == nil || start < 2 {
		return -1
	}
	rest := name[:start-1]
	if a := child.find(rest, port, path, depth+1); a >= 0 {
		return a
	}
	if p := child.byPort[string(port)]; p != nil {
		if a := p.find(path); a >= 0 {
			return a
		}
	}
	if child.any != nil {
		return child.any.find(path)
	}
	return -1
}
