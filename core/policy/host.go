package policy

import (
	"errors"
	"strings"
)

// sites finds assets by host: exact names first, then the longest wildcard,
// then the rest; names with a port before those without. All nodes are in two
// lists and refer to each other by number.
type sites struct {
	prefixes []prefix
	labels   []label
	// exact has "shop.example" and "shop.example:8443", byPort the ports of
	// "*:8443"; the values are prefixes. rest is for every host.
	exact, byPort map[string]int
	rest          int
}

// label is a node of the tree of wildcards, from the right: labels[0] is the
// root. any and byPort are prefixes; any is -1 if there is none.
type label struct {
	next, byPort map[string]int
	any          int
}

// prefix is a node of a tree of path segments; asset is -1 if none ends here.
type prefix struct {
	next  map[string]int
	asset int
}

func newSites() *sites {
	s := &sites{exact: map[string]int{}, byPort: map[string]int{}}
	s.rest = s.tree()
	s.label()
	return s
}

// tree starts a tree of paths.
func (s *sites) tree() int {
	s.prefixes = append(s.prefixes, prefix{next: map[string]int{}, asset: -1})
	return len(s.prefixes) - 1
}

func (s *sites) label() int {
	s.labels = append(s.labels, label{next: map[string]int{}, byPort: map[string]int{}, any: -1})
	return len(s.labels) - 1
}

// in returns the tree of a key, a new one if there is none.
func (s *sites) in(m map[string]int, key string) int {
	n, ok := m[key]
	if !ok {
		n = s.tree()
		m[key] = n
	}
	return n
}

// put enters an asset for a path prefix into a tree; it returns the asset that
// was there, or -1.
func (s *sites) put(tree int, path string, asset int) int {
	segments := strings.Split(path, "/")
	for i := 0; i < len(segments); i++ {
		if segments[i] != "" {
			tree = s.in(s.prefixes[tree].next, segments[i])
		}
	}
	if was := s.prefixes[tree].asset; was >= 0 {
		return was
	}
	s.prefixes[tree].asset = asset
	return -1
}

// get returns the asset of the longest prefix of a path, or -1. Empty segments
// are passed over.
func (s *sites) get(tree int, path []byte) int {
	best := s.prefixes[tree].asset
	for i := 0; i < len(path) && len(s.prefixes[tree].next) > 0; {
		for i < len(path) && path[i] == '/' {
			i++
		}
		end := i
		for end < len(path) && path[end] != '/' {
			end++
		}
		child, ok := s.prefixes[tree].next[string(path[i:end])]
		if !ok {
			break
		}
		tree = child
		if s.prefixes[tree].asset >= 0 {
			best = s.prefixes[tree].asset
		}
		i = end
	}
	return best
}

// add enters a host as written; it returns the tree of its paths.
func (s *sites) add(host string) (int, error) {
	name, port, err := splitHost(host)
	if err != nil {
		return 0, err
	}
	if name == "*" {
		if port == "" {
			return s.rest, nil
		}
		return s.in(s.byPort, port), nil
	}
	if !strings.HasPrefix(name, "*.") {
		if strings.IndexByte(name, '*') >= 0 {
			return 0, errors.New("a * stands alone or before the first dot")
		}
		if port != "" {
			name += ":" + port
		}
		return s.in(s.exact, name), nil
	}
	labels := strings.Split(name[2:], ".")
	node := 0
	for i := len(labels) - 1; i >= 0; i-- {
		if labels[i] == "" || strings.IndexByte(labels[i], '*') >= 0 {
			return 0, errors.New("a * stands alone or before the first dot")
		}
		child, ok := s.labels[node].next[labels[i]]
		if !ok {
			child = s.label()
			s.labels[node].next[labels[i]] = child
		}
		node = child
	}
	if port != "" {
		return s.in(s.labels[node].byPort, port), nil
	}
	if s.labels[node].any < 0 {
		n := s.tree()
		s.labels[node].any = n
	}
	return s.labels[node].any, nil
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
	if len(port) > 0 && len(name)+1+len(port) == len(host) {
		if tree, ok := s.exact[string(host)]; ok {
			if a := s.get(tree, path); a >= 0 {
				return a
			}
		}
	}
	if tree, ok := s.exact[string(name)]; ok {
		if a := s.get(tree, path); a >= 0 {
			return a
		}
	}
	if a := s.below(0, name, port, path, 0); a >= 0 {
		return a
	}
	if tree, ok := s.byPort[string(port)]; ok {
		if a := s.get(tree, path); a >= 0 {
			return a
		}
	}
	return s.get(s.rest, path)
}

// maxLabels is how many labels of a name are looked at; DNS allows 127.
const maxLabels = 127

// below finds an asset under the wildcards below a node, the longest first.
func (s *sites) below(node int, name, port, path []byte, depth int) int {
	if len(name) == 0 || depth > maxLabels {
		return -1
	}
	start := len(name)
	for start > 0 && name[start-1] != '.' {
		start--
	}
	child, ok := s.labels[node].next[string(name[start:])]
	if !ok || start < 2 {
		return -1
	}
	if a := s.below(child, name[:start-1], port, path, depth+1); a >= 0 {
		return a
	}
	if tree, ok := s.labels[child].byPort[string(port)]; ok {
		if a := s.get(tree, path); a >= 0 {
			return a
		}
	}
	if any := s.labels[child].any; any >= 0 {
		return s.get(any, path)
	}
	return -1
}
