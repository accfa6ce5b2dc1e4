package profile

import "bytes"

// Place is where a request goes, as far as a profile knows it.
type Place struct {
	// Known is false when no asset of the profile has that host and path; the
	// profile then says nothing.
	Known bool
	// Asset is its name.
	Asset string
	root  uint64
	node  uint64
	aged  uint8 // the asset's flags
	flags uint8 // the endpoint's; 0 if it is not in the profile
}

// Mature reports whether enough is known of the endpoint.
func (w *Place) Mature() bool { return w.flags&NodeMature != 0 }

// Application tells the assets of a profile apart, from 1; 0 if the host and the
// path belong to none. It is the part of Place that costs little.
func (p *Profile) Application(host, path []byte) int { return p.asset(host, path) + 1 }

// Place looks a request up: the host without port in lower case, the method
// and the path as on the wire.
func (p *Profile) Place(host, method, path []byte) Place {
	var w Place
	i := p.asset(host, path)
	if i < 0 {
		return w
	}
	a := &p.assets[i]
	w.Known, w.Asset, w.root, w.aged = true, a.Name, a.root, a.Flags
	node := Mix(a.root, Hash(method))
	at := find(p.nodes, node)
	seg, rest := next(path)
	for n := 0; at >= 0 && len(seg) > 0; n++ {
		class := ClassOf(seg)
		if n == MaxSegments-1 && len(rest) > 1 {
			class = FreeText
			rest = nil
		}
		child := step(node, class, seg)
		at = find(p.nodes, child)
		if at < 0 && (class == Literal || class == Slug || class == TokenID) {
			child = step(node, AnyWord, nil)
			at = find(p.nodes, child)
		}
		node = child
		seg, rest = next(rest)
	}
	if at >= 0 && p.flags[at]&NodeEndpoint != 0 {
		w.node, w.flags = node, p.flags[at]
	}
	return w
}

// asset returns the index of the asset of a host and a path, or -1: the exact
// host first, then the longest wildcard, then "*".
func (p *Profile) asset(host, path []byte) int {
	if i, ok := p.exact[string(host)]; ok {
		if i = p.below(i, path); i >= 0 {
			return i
		}
	}
	best, length := -1, -1
	for i := 0; i < len(p.assets); i++ {
		h := p.assets[i].Host
		if len(h) == 0 || h[0] != '*' || len(h)-1 <= length || len(h) > len(host)+1 || string(host[len(host)-len(h)+1:]) != h[1:] {
			continue
		}
		if j := p.below(p.exact[h], path); j >= 0 {
			best = j
			length = len(h) - 1
		}
	}
	return best
}

// below returns, of the assets of one host, that with the longest base above
// path, or -1.
func (p *Profile) below(i int, path []byte) int {
	best := -1
	for ; i >= 0; i = p.assets[i].next {
		base := p.assets[i].Base
		n := len(base)
		if n > 0 && base[n-1] == '/' {
			n--
		}
		if len(path) < n || string(path[:n]) != base[:n] || len(path) > n && n > 0 && path[n] != '/' {
			continue
		}
		if best < 0 || len(base) > len(p.assets[best].Base) {
			best = i
		}
	}
	return best
}

// ownsLocation reports whether a location belongs to the asset rather than to
// the endpoint.
func ownsLocation(location []byte) bool {
	return bytes.HasPrefix(location, []byte("header")) || bytes.HasPrefix(location, []byte("cookie")) ||
		bytes.HasPrefix(location, []byte("host")) || bytes.HasPrefix(location, []byte("trailer."))
}

// Key returns the key of a parameter: at the endpoint, or at the asset for
// headers and cookies. 0 says that the endpoint is not in the profile.
func (w *Place) Key(location []byte) uint64 {
	if ownsLocation(location) {
		return Param(w.root, location)
	}
	if w.flags == 0 {
		return 0
	}
	return Param(w.node, location)
}

// KeyAt is Key for a template below an asset's root; the learner uses it.
func KeyAt(root, endpoint uint64, location []byte) uint64 {
	if ownsLocation(location) {
		return Param(root, location)
	}
	return Param(endpoint, location)
}
