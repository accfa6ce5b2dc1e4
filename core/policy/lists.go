package policy

import "strconv"

func (c *compiler) addressLists() {
	seen := map[string]bool{}
	for i := 0; i < len(c.doc.AddressLists); i++ {
		l := &c.doc.AddressLists[i]
		at := index("addressLists", i)
		c.name(at+".name", l.Name, seen)
		if len(l.Addresses) == 0 {
			c.problems.add(at+".addresses", "is required")
		}
		var list []span
		for k := 0; k < len(l.Addresses); k++ {
			s, err := parseSpan(l.Addresses[k])
			if err != nil {
				c.problems.add(index(at+".addresses", k), err.Error())
				continue
			}
			list = append(list, s)
		}
		c.lists[l.Name] = newSpans(list)
	}
}

// spans compiles addresses, networks and names of lists.
func (c *compiler) spans(path string, in []string) spans {
	var out []span
	for i := 0; i < len(in); i++ {
		if list, ok := c.lists[in[i]]; ok {
			out = append(out, list...)
			continue
		}
		s, err := parseSpan(in[i])
		if err != nil {
			var known []string
			for k := 0; k < len(c.doc.AddressLists); k++ {
				known = append(known, c.doc.AddressLists[k].Name)
			}
			c.problems.word(index(path, i), err.Error()+", nor the name of an address list", in[i], known)
			continue
		}
		out = append(out, s)
	}
	return newSpans(out)
}

func (c *compiler) places(path string, in []string) []*place {
	var out []*place
	for i := 0; i < len(in); i++ {
		p, err := newPlace(in[i])
		if err != nil {
			c.problems.add(index(path, i), err.Error())
			continue
		}
		out = append(out, p)
	}
	return out
}

// allPlaces are the locations and JSON paths of an exception.
func (c *compiler) allPlaces(at string, x *Exception) []*place {
	out := c.places(at+".locations", x.Locations)
	for i := 0; i < len(x.JSONPaths); i++ {
		p, err := jsonPlace(x.JSONPaths[i])
		if err != nil {
			c.problems.add(index(at+".jsonPaths", i), err.Error())
			continue
		}
		out = append(out, p)
	}
	return out
}

func (c *compiler) patterns(path string, in []string, stops string) []*pattern {
	var out []*pattern
	for i := 0; i < len(in); i++ {
		text := in[i]
		if len(text) > 1 && text[len(text)-1] == '/' {
			text = text[:len(text)-1]
		}
		p, err := newPattern(text, stops)
		if err == nil && in[i][0] != '/' && in[i][0] != '*' {
			c.problems.add(index(path, i), "a path begins with /")
			continue
		}
		if err != nil {
			c.problems.add(index(path, i), err.Error())
			continue
		}
		out = append(out, p)
	}
	return out
}

// assetNames resolves names of assets to their numbers.
func (c *compiler) assetNames(path string, in []string) []int {
	var out []int
	for i := 0; i < len(in); i++ {
		n, ok := c.names[in[i]]
		if !ok {
			known := map[string]bool{}
			for name := range c.names {
				known[name] = true
			}
			c.problems.word(index(path, i), "there is no asset "+strconv.Quote(in[i]), in[i], keys(known))
			continue
		}
		out = append(out, n)
	}
	return out
}
