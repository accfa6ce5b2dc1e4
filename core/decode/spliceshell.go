package decode

// spliceReach is how far the shell rules look around.
const spliceReach = 128

// backslash undoes c\at: a backslash between small letters where one side is
// short. Escapes (\n, \t …) and Windows paths are left alone.
func (p *splicer) backslash() bool {
	i := p.i
	a, b := p.prev(), p.at(i+1)
	if !(a >= 'a' && a <= 'z' || a == '_' || a == '/') || !(b >= 'a' && b <= 'z') {
		return false
	}
	before, after := 0, 0
	for k := len(p.out) - 1; k >= p.base && before < 5 && asciiClass[p.out[k]]&asciiWord != 0; k-- {
		before++
	}
	for after < 5 && p.word(i+1+after) {
		after++
	}
	switch b {
	case 'n', 'r', 'u', 'x', 'f', 'v':
		return false
	case 't', 'b':
		if after > 1 && b == 't' || before > 3 {
			return false
		}
	}
	if before > 3 && after > 3 {
		return false
	}
	// c:\a\b and \\host\share keep theirs.
	for k := i - 1; k >= 0 && k > i-spliceReach/4; k-- {
		c := p.src[k]
		if c == ':' || c == '\\' && (p.at(k-1) == '\\' || p.at(k-1) == ':') {
			return false
		}
		if asciiClass[c]&asciiWord == 0 && c != '\\' && c != '/' {
			break
		}
	}
	p.flags |= Spliced
	p.i++
	return true
}

// dollar undoes $@, $* and $() inside words and turns $IFS, ${IFS…} and
// $IFS$9 into a blank.
func (p *splicer) dollar() bool {
	i := p.i
	e := 0
	switch {
	case p.at(i+1) == '@' || p.at(i+1) == '*':
		e = i + 2
	case p.at(i+1) == '(' && p.at(i+2) == ')':
		e = i + 3
	case p.at(i+1) == '{' && (p.at(i+2) == '@' || p.at(i+2) == '*') && p.at(i+3) == '}':
		e = i + 4
	}
	if e > 0 {
		if !p.prevWord() || !p.word(e) && p.at(e) != '/' {
			return false
		}
		p.flags |= Spliced
		p.i = e
		return true
	}
	switch {
	case asciiFold(p.src, i+1, "ifs") && !p.word(i+4):
		e = i + 4
	case asciiFold(p.src, i+1, "{ifs") && !p.word(i+5):
		for e = i + 5; e < len(p.src) && e < i+spliceReach && p.src[e] != '}'; e++ {
		}
		if p.at(e) != '}' {
			return false
		}
		e++
	default:
		return false
	}
	if p.at(e) == '$' && asciiClass[p.at(e+1)]&asciiDigit != 0 {
		e += 2
	}
	if p.prevWord() {
		p.flags |= Spliced
	}
	return p.blank(e)
}

// caret undoes w^h^o, Windows' escape; x^2 and a^b are arithmetic.
func (p *splicer) caret() bool {
	i := p.i
	if asciiClass[p.prev()]&asciiAlpha == 0 || asciiClass[p.at(i+1)]&asciiAlpha == 0 {
		return false
	}
	single := len(p.out)-2 < p.base || asciiClass[p.out[len(p.out)-2]]&asciiWord == 0
	if single && !p.word(i+2) && p.at(i+2) != '^' {
		return false
	}
	p.flags |= Spliced
	p.i++
	return true
}

// brace undoes {cat,/etc/passwd}: a brace expansion whose later words hold a
// slash, a dot, a dollar or start with a dash. JSON and GraphQL have blanks,
// quotes, colons or none of these.
func (p *splicer) brace() bool {
	i := p.i
	c := p.at(i + 1)
	if p.prevWord() || p.prev() == '$' || !(c >= 'a' && c <= 'z' || c == '/' || c == '.') {
		return false
	}
	commas, path := 0, false
	for e := i + 1; e < len(p.src) && e < i+spliceReach; e++ {
		c = p.src[e]
		switch {
		case c == '}':
			if commas == 0 || !path {
				return false
			}
			p.flags |= Spliced
			p.braceAt = e
			p.i++
			return true
		case c == ',':
			commas++
			path = path || p.at(e+1) == '-'
		case c == '/' || c == '.' || c == '$':
			path = path || commas > 0
		case c < '!' || c > '~' || c == '{' || c == '"' || c == '\'' || c == ';':
			return false
		case c == ':' && p.at(e+1) != '/':
			return false
		}
	}
	return false
}
