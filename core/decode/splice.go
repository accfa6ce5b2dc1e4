package decode

import "bytes"

// spliceSet are the bytes without which Splice has nothing to undo.
const spliceSet = "'\"`*\\$^{#-"

// Splice appends src to dst with the splices of attack text undone:
//
//   - SQL: /*comments*/ and line comments become one blank, the content of
//     /*!50000conditional comments*/ is kept;
//   - shell: empty quotes, quoted letters, backslashes, $@ and empty command
//     substitutions inside words go, ${IFS} and its like become a blank,
//     {cat,/etc/passwd} becomes words; ^ inside words goes (Windows);
//   - string concatenation: 'a'+'b', 'a'||'b', "a"."b" and the arguments of
//     concat('a','b') are joined.
//
// Spliced is set only when a splice stood inside or between words. The output
// is never longer than src; one pass, every byte is looked at a constant number
// of times; text without quotes, comments or shell characters costs one search.
// The result is a guess at what some interpreter sees: comments' text is gone
// from it, so judge src as well.
func Splice(dst, src []byte) ([]byte, Flags) {
	if !bytes.ContainsAny(src, spliceSet) {
		return append(dst, src...), 0
	}
	p := splicer{src: src, out: dst, base: len(dst), closeAt: -1}
	for p.i < len(src) {
		c := src[p.i]
		ok := false
		switch c {
		case '/':
			ok = p.comment()
		case '*':
			ok = p.conditionalEnd()
		case '-', '#':
			ok = p.lineComment()
		case '\'', '"', '`':
			ok = p.quotes()
		case '\\':
			ok = p.backslash()
		case '$':
			ok = p.dollar()
		case '^':
			ok = p.caret()
		case '{':
			ok = p.brace()
		case '}':
			ok = p.braceAt > 0 && p.i == p.braceAt
			if ok {
				p.i++
			}
		case ',':
			if ok = p.braceAt > p.i; ok {
				p.out = append(p.out, ' ')
				p.i++
			}
		case ')':
			p.concat = false
		case '(':
			if asciiFold(src, p.i-6, "concat") {
				p.concat = true
			}
		}
		if !ok {
			p.out = append(p.out, c)
			p.i++
		} else {
			p.flags |= Changed
		}
	}
	return p.out, p.flags
}

// splicer is the state of one Splice.
type splicer struct {
	src, out []byte
	base, i  int
	flags    Flags
	closeAt  int  // where the next */ is, when >= i; len(src) for nowhere
	open     int  // conditional comments not yet closed
	braceAt  int  // the closing brace of the brace expansion around i
	concat   bool // inside concat(…)
}

// at returns the source byte at i, or 0.
func (p *splicer) at(i int) byte {
	if i < 0 || i >= len(p.src) {
		return 0
	}
	return p.src[i]
}

func (p *splicer) word(i int) bool { return asciiClass[p.at(i)]&asciiWord != 0 }

// prev returns the last byte written, or 0.
func (p *splicer) prev() byte {
	if len(p.out) == p.base {
		return 0
	}
	return p.out[len(p.out)-1]
}

func (p *splicer) prevWord() bool { return asciiClass[p.prev()]&asciiWord != 0 }

// blank writes one blank, unless one stands there anyway, and goes on at end.
func (p *splicer) blank(end int) bool {
	if p.prevWord() && p.word(end) {
		p.flags |= Spliced
	}
	if asciiClass[p.prev()]&asciiBlank == 0 && asciiClass[p.at(end)]&asciiBlank == 0 {
		p.out = append(p.out, ' ')
	}
	p.i = end
	return true
}

// comment undoes /*…*/. Globs and media ranges (*/*, text/*, /a/*/b) are not
// comments: there the slash follows a star or the text ends in one.
func (p *splicer) comment() bool {
	if p.at(p.i+1) != '*' || p.at(p.i-1) == '*' {
		return false
	}
	if p.closeAt < p.i+2 {
		p.closeAt = len(p.src)
		if k := bytes.Index(p.src[p.i+2:], []byte("*/")); k >= 0 {
			p.closeAt = p.i + 2 + k
		}
	}
	if p.closeAt == len(p.src) || p.at(p.closeAt+2) == '*' && p.at(p.closeAt+3) != '/' {
		return false
	}
	if p.at(p.i+2) == '!' || p.at(p.i+2) == 'M' && p.at(p.i+3) == '!' {
		e := p.i + 3
		if p.at(p.i+2) == 'M' {
			e++
		}
		for n := 0; n < 6 && asciiClass[p.at(e)]&asciiDigit != 0; n++ {
			e++
		}
		p.open++
		if p.word(e) || p.prevWord() {
			p.flags |= Spliced
		}
		return p.blank(e)
	}
	if p.at(p.i+2) == '/' && p.word(p.i-1) && p.at(p.closeAt+2) != '*' && p.closeAt > p.i+3 && !p.word(p.closeAt+2) {
		return false // a glob: /a/*/b/*/
	}
	return p.blank(p.closeAt + 2)
}

// conditionalEnd drops the */ of a conditional comment.
func (p *splicer) conditionalEnd() bool {
	if p.open == 0 || p.at(p.i+1) != '/' {
		return false
	}
	p.open--
	return p.blank(p.i + 2)
}

// lineComment undoes -- and # comments that hang on a word or closing sign and
// end in a line end. Headings, rules and flags (--all) are left alone.
func (p *splicer) lineComment() bool {
	e := p.i + 1
	c := p.prev()
	if asciiClass[c]&asciiWord == 0 && c != '\'' && c != '"' && c != ')' && c != '`' {
		return false
	}
	if p.src[p.i] == '-' {
		if p.at(e) != '-' || p.at(e+1) == '-' {
			return false
		}
		e++
	}
	for n := 0; n < 64 && e < len(p.src) && p.src[e] != '\n'; n++ {
		e++
	}
	if p.at(e) != '\n' {
		return false
	}
	return p.blank(e + 1)
}
