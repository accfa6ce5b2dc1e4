package policy

import (
	"strconv"
	"unicode/utf8"
)

// codec goes through a Document field by field and either fills it from a Node
// or appends it as JSON; one list of fields serves both. What is zero is not
// written.
type codec struct {
	in       *Node // the object being read; nil when writing
	out      []byte
	path     string
	problems Problems
	listing  bool // only the names of the members are wanted
	keys     []string
	texts    bool // numbers may be strings
}

// visitor is a part of a Document: it hands its fields to the codec.
type visitor interface{ visit(c *codec) }

// reads says whether the codec reads.
func (c *codec) reads() bool { return c.in != nil }

// key begins a member when writing.
func (c *codec) key(name string) {
	if last := c.out[len(c.out)-1]; last != '{' {
		c.out = append(c.out, ',')
	}
	c.out = appendString(c.out, name)
	c.out = append(c.out, ':')
}

// take returns the member to read, nil if absent, null or of the wrong kind.
func (c *codec) take(name string, kind int, want string) *Node {
	if c.listing {
		c.keys = append(c.keys, name)
		return nil
	}
	n := c.in.take(name)
	if n == nil || n.Kind == Null {
		return nil
	}
	if c.texts && kind == Number && n.Kind == String {
		return n
	}
	if n.Kind != kind {
		c.problems.add(join(c.path, name), "want "+want)
		return nil
	}
	return n
}

func (c *codec) str(name string, p *string) {
	if !c.reads() {
		if *p != "" {
			c.key(name)
			c.out = appendString(c.out, *p)
		}
		return
	}
	if n := c.take(name, String, "a string"); n != nil {
		*p = n.Text
	}
}

func (c *codec) num(name string, p *int) {
	if !c.reads() {
		if *p != 0 {
			c.key(name)
			c.out = strconv.AppendInt(c.out, int64(*p), 10)
		}
		return
	}
	if n := c.take(name, Number, "a number"); n != nil {
		v, err := strconv.Atoi(n.Text)
		if err != nil {
			c.problems.add(join(c.path, name), "want a whole number")
		}
		*p = v
	}
}

func (c *codec) strs(name string, p *[]string) {
	if !c.reads() {
		if len(*p) > 0 {
			c.key(name)
			c.out = append(c.out, '[')
			for i := 0; i < len(*p); i++ {
				if i > 0 {
					c.out = append(c.out, ',')
				}
				c.out = appendString(c.out, (*p)[i])
			}
			c.out = append(c.out, ']')
		}
		return
	}
	n := c.take(name, List, "a list of strings")
	if n == nil {
		return
	}
	list := make([]string, len(n.Items))
	for i := 0; i < len(n.Items); i++ {
		if n.Items[i].Kind != String {
			c.problems.add(index(join(c.path, name), i), "want a string")
		}
		list[i] = n.Items[i].Text
	}
	*p = list
}

// object goes through a member that is an object.
func (c *codec) object(name string, v visitor) {
	if !c.reads() {
		mark := len(c.out)
		c.key(name)
		c.out = append(c.out, '{')
		before := len(c.out)
		v.visit(c)
		if len(c.out) == before {
			c.out = c.out[:mark]
			return
		}
		c.out = append(c.out, '}')
		return
	}
	if n := c.take(name, Object, "a mapping"); n != nil {
		c.enter(n, join(c.path, name), v)
	}
}

// list goes through a list of objects of which the document has n. When it
// reads, grow makes room for those that there are to be; at returns one.
func (c *codec) list(name string, n int, grow func(int), at func(int) visitor) {
	if !c.reads() {
		if n == 0 {
			return
		}
		c.key(name)
		c.out = append(c.out, '[')
		for i := 0; i < n; i++ {
			if i > 0 {
				c.out = append(c.out, ',')
			}
			c.out = append(c.out, '{')
			v := at(i)
			v.visit(c)
			c.out = append(c.out, '}')
		}
		c.out = append(c.out, ']')
		return
	}
	list := c.take(name, List, "a list")
	if list == nil || len(list.Items) == 0 {
		return
	}
	grow(len(list.Items))
	for i := 0; i < len(list.Items); i++ {
		path := index(join(c.path, name), i)
		if list.Items[i].Kind == Object {
			c.enter(list.Items[i], path, at(i))
		} else {
			c.problems.add(path, "want a mapping")
		}
	}
}

// enter reads an object and reports the keys that nobody took.
func (c *codec) enter(n *Node, path string, v visitor) {
	in, outer := c.in, c.path
	c.in = n
	c.path = path
	n.used = make([]bool, len(n.Keys))
	v.visit(c)
	for i := 0; i < len(n.Keys); i++ {
		if !n.used[i] {
			c.problems.word(join(path, n.Keys[i]), "unknown key", n.Keys[i], keysOf(v))
		}
	}
	c.in = in
	c.path = outer
}

// keysOf lists the keys of a struct in their order.
func keysOf(v visitor) []string {
	k := &codec{in: &Node{Kind: Object}, listing: true}
	v.visit(k)
	return k.keys
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }

const hexDigits = "0123456789abcdef"

// appendString appends s as a JSON string; what is not UTF-8 becomes U+FFFD.
func appendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c == '"' || c == '\\' {
				dst = append(dst, '\\', c)
			} else if c < ' ' {
				dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
			} else {
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		dst = utf8.AppendRune(dst, r)
		i += n
	}
	return append(dst, '"')
}
