package decode

// quotes undoes what quotes do inside words: empty pairs (c”at), quoted
// letters (c'a't) and concatenation ('a'+'b').
func (p *splicer) quotes() bool {
	q, i := p.src[p.i], p.i
	if asciiClass[p.prev()]&asciiWord == 0 && p.prev() != '/' && p.prev() != '.' && p.prev() != '<' && p.prev() != '>' {
		return false
	}
	if p.at(i+1) == q {
		if !p.prevWord() && p.prev() != '/' || !p.word(i+2) || q == '\'' && p.apostrophe(i) {
			return false
		}
		p.flags |= Spliced
		p.i += 2
		return true
	}
	if p.prevWord() {
		// A word of up to four letters in quotes inside a word.
		e := i + 1
		for e < i+6 && p.word(e) {
			e++
		}
		if e > i+1 && e < i+6 && p.at(e) == q && p.word(e+1) {
			if q == '\'' && e == i+2 && p.at(i+1)|0x20 == 'n' {
				return false // rock'n'roll
			}
			p.flags |= Spliced
			p.out = append(p.out, p.src[i+1:e]...)
			p.i = e + 1
			return true
		}
	}
	return p.join(q)
}

// apostrophe tells whether the two quotes at i are SQL's or CSV's way to write
// the apostrophe of don”t or O”Brien.
func (p *splicer) apostrophe(i int) bool {
	e := i + 2
	for e < i+5 && p.word(e) {
		e++
	}
	switch n := e - i - 2; {
	case n == 1:
		switch p.at(i+2) | 0x20 {
		case 's', 't', 'd', 'm':
			return true
		}
	case n == 2:
		return asciiFold(p.src, i+2, "re") || asciiFold(p.src, i+2, "ve") || asciiFold(p.src, i+2, "ll")
	}
	a, b := p.at(i-1), p.at(i+2)
	upper := a >= 'A' && a <= 'Z' && b >= 'A' && b <= 'Z'
	return upper && !p.word(i-2) && asciiClass[p.at(i+3)]&asciiAlpha != 0 && p.at(i+3) >= 'a'
}

// join drops a closing quote, an operator and the opening quote behind it.
func (p *splicer) join(q byte) bool {
	e := p.skip(p.i + 1)
	op := p.at(e)
	switch {
	case op == '+' || op == '.' || op == ',' && p.concat:
		e++
	case op == '|' && p.at(e+1) == '|':
		e += 2
	case op == q && q == '\'' && e > p.i+1:
	default:
		return false
	}
	e = p.skip(e)
	if p.at(e) != q || e == p.i+1 {
		return false
	}
	n := p.at(e + 1)
	if asciiClass[n]&asciiWord == 0 && n != '/' && n != '.' && n != '<' && n != '>' && n != '(' && n != ' ' {
		return false
	}
	if op != q && n != ' ' {
		p.flags |= Spliced
	}
	p.i = e + 1
	return true
}

// skip walks over at most 16 blanks.
func (p *splicer) skip(i int) int {
	for n := 0; n < 16 && asciiClass[p.at(i)]&asciiBlank != 0; n++ {
		i++
	}
	return i
}
