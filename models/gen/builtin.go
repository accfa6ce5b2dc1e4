package gen

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// builtin is a function of the grammar language: n.args are its words, n.rest
// its last argument.
type builtin func(x *expander, n *node)

type signature struct {
	words int
	fn    builtin
}

const (
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits = "0123456789"
)

// builtins by name; the number is how many words come before the last argument.
//
//	int lo hi, alpha lo hi, alnum lo hi, mixed lo hi, hex lo hi, HEX lo hi,
//	digits lo hi, b64r lo hi, b64ur lo hi   random text of that many characters
//	                                        (int: a number in that range)
//	x HEX       bytes, given in hexadecimal
//	rep lo hi s       s that many times, expanded anew each time
//	same lo hi s      s that many times, expanded once
//	list lo hi sep s  the same with a separator; "_" in sep is a blank
//	let N s     expands s, keeps it as ‹$N› and writes nothing
//	set N s     the same and writes it
//	len s       the length of s in bytes, as a number
//
// and the encoders of encode.go and serial.go, which take one sequence.
var builtins map[string]signature

func init() {
	builtins = map[string]signature{
		"int":  {2, func(x *expander, n *node) { lo, hi := n.bounds(); x.out.WriteString(strconv.Itoa(x.between(lo, hi))) }},
		"x":    {1, func(x *expander, n *node) { x.out.WriteString(unhex(n.args[0])) }},
		"rep":  {2, repeat},
		"same": {2, same},
		"list": {3, list},
		"let":  {1, func(x *expander, n *node) { x.vars[n.args[0]] = x.text(n.rest) }},
		"set": {1, func(x *expander, n *node) {
			s := x.text(n.rest)
			x.vars[n.args[0]] = s
			x.out.WriteString(s)
		}},
		"len": {0, func(x *expander, n *node) { x.out.WriteString(strconv.Itoa(len(x.text(n.rest)))) }},
	}
	for name, alphabet := range map[string]string{
		"alpha": lower, "alnum": lower + digits, "mixed": lower + upper + digits,
		"hex": "0123456789abcdef", "HEX": "0123456789ABCDEF", "digits": digits,
		"b64r": lower + upper + digits + "+/", "b64ur": lower + upper + digits + "-_",
		"upper": upper,
	} {
		builtins[name] = signature{2, func(x *expander, n *node) {
			lo, hi := n.bounds()
			x.pick(alphabet, x.between(lo, hi))
		}}
	}
	for name, enc := range encoders {
		builtins[name] = signature{0, func(x *expander, n *node) { x.out.WriteString(enc(x.r, x.text(n.rest))) }}
	}
}

// bounds returns the two numbers a call starts with; a word that is no number
// counts as 0, and the grammar tests would show it.
func (n *node) bounds() (lo, hi int) {
	lo, _ = strconv.Atoi(n.args[0])
	hi, _ = strconv.Atoi(n.args[1])
	return lo, max(lo, hi)
}

func recall(x *expander, n *node) { x.out.WriteString(x.vars[n.args[0]]) }

func repeat(x *expander, n *node) {
	lo, hi := n.bounds()
	for range x.between(lo, hi) {
		if x.out.Len() > longest {
			return
		}
		x.sequence(n.rest)
	}
}

func same(x *expander, n *node) {
	lo, hi := n.bounds()
	s := x.text(n.rest)
	for range x.between(lo, hi) {
		if x.out.Len() > longest {
			return
		}
		x.out.WriteString(s)
	}
}

func list(x *expander, n *node) {
	lo, hi := n.bounds()
	sep := strings.ReplaceAll(n.args[2], "_", " ")
	for i := range x.between(lo, hi) {
		if x.out.Len() > longest {
			return
		}
		if i > 0 {
			x.out.WriteString(sep)
		}
		x.sequence(n.rest)
	}
}

func unhex(s string) string {
	var b []byte
	for ; len(s) >= 2; s = s[2:] {
		v, _ := strconv.ParseUint(s[:2], 16, 8)
		b = append(b, byte(v))
	}
	return string(b)
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
