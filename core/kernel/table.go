// Package kernel holds the one loop that runs over every byte of every value:
// it classifies the bytes and looks for the model's gate trigrams.
//
// The package is the lowest of the engine. It has two implementations of the
// same function, a table loop for compiled code and one made of standard
// library calls for interpreters such as yaegi, where a loop over bytes costs
// two hundred times as much; Interpreted selects, a fuzz test proves them equal.
package kernel

// Class is a set of byte classes. The low six bits are zero.
type Class uint32

// The byte classes: which bytes occur in a value decides which decoders are
// tried on it.
const (
	Percent   Class = 1 << (iota + 6) // %
	Amp                               // &
	Backslash                         // \
	Quote                             // ' " `
	Angle                             // < >
	Bracket                           // { } [ ]
	Paren                             // ( )
	Blank                             // space, tab
	NewLine                           // CR, LF
	Control                           // other bytes below 0x20, and 0x7f
	NonASCII                          // bytes from 0x80
	Equal                             // =
	Separator                         // ; | , ~
	Plus                              // +
	Shell                             // $ ^ * #
	Colon                             // :
	Path                              // / . -
	Other                             // ! ? @
	Upper                             // A-Z
	Lower                             // a-z
	Digit                             // 0-9
	Under                             // _
)

// Symbols of the 64-letter alphabet into which the gate and the model fold
// bytes. Letters are folded to lower case, digits to one symbol.
const (
	SymEdge   = 0  // start or end of a value, control bytes
	SymDigit  = 27 // 0-9
	SymBlank  = 28 // space, tab
	SymLine   = 29 // CR, LF
	SymHigh   = 30 // bytes from 0x80
	SymPunct  = 31 // first of the 32 punctuation symbols, '_' included
	SymOpaque = 63 // a random-looking run (model only)
)

// Punctuation lists the punctuation bytes in the order of their symbols.
const Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

// Table maps a byte to its symbol (low six bits) and class (the rest).
var Table [256]uint32

func init() {
	for i := 0; i < 256; i++ {
		b := byte(i)
		sym := uint32(SymEdge)
		class := Control
		switch {
		case b >= 'a' && b <= 'z':
			sym, class = uint32(b-'a')+1, Lower
		case b >= 'A' && b <= 'Z':
			sym, class = uint32(b-'A')+1, Upper
		case b >= '0' && b <= '9':
			sym, class = SymDigit, Digit
		case b == ' ' || b == '\t':
			sym, class = SymBlank, Blank
		case b == '\r' || b == '\n':
			sym, class = SymLine, NewLine
		case b >= 0x80:
			sym, class = SymHigh, NonASCII
		}
		Table[i] = sym | uint32(class)
	}
	for i := 0; i < len(Punctuation); i++ {
		Table[Punctuation[i]] = uint32(SymPunct+i) | uint32(punctClass(Punctuation[i]))
	}
}

func punctClass(b byte) Class {
	switch b {
	case '%':
		return Percent
	case '&':
		return Amp
	case '\\':
		return Backslash
	case '\'', '"', '`':
		return Quote
	case '<', '>':
		return Angle
	case '{', '}', '[', ']':
		return Bracket
	case '(', ')':
		return Paren
	case '=':
		return Equal
	case ';', '|', ',', '~':
		return Separator
	case '+':
		return Plus
	case '$', '^', '*', '#':
		return Shell
	case ':':
		return Colon
	case '/', '.', '-':
		return Path
	case '_':
		return Under
	}
	return Other
}

// Letter returns the byte that stands for a symbol in explanations: the letter
// or punctuation itself, '0' for digits, ' ' for blanks, '^' … see the glossary.
func Letter(sym uint8) byte {
	switch {
	case sym >= 1 && sym <= 26:
		return 'a' + sym - 1
	case sym == SymDigit:
		return '0'
	case sym == SymBlank:
		return ' '
	case sym == SymLine:
		return '\n'
	case sym == SymHigh:
		return 0x7f
	case sym >= SymPunct && int(sym) < SymPunct+len(Punctuation):
		return Punctuation[sym-SymPunct]
	}
	return 0
}
