package decode

// Overlap is how many bytes two neighbouring pieces of a value share when the
// value is longer than a window, so that nothing hides at a border.
const Overlap = 256

// MaxDepth is the container nesting that cursors track. Deeper input is still
// tokenised to the end; only the path is no longer kept (Flags.DepthLimit).
const MaxDepth = 32

// Kind says what part of a container a Field is.
type Kind uint8

// The kinds of field.
const (
	// KindValue is a leaf: string, number, literal, attribute value, text.
	KindValue Kind = iota
	// KindName is a key, parameter name, attribute name or element name.
	KindName
	// KindEnter opens a container under Field.Name.
	KindEnter
	// KindLeave closes the container opened last.
	KindLeave
	// KindComment is the text of a comment.
	KindComment
	// KindMarkup is raw structure that may itself be an attack: a DOCTYPE, a
	// processing instruction, a GraphQL directive.
	KindMarkup
	// KindFile is the content of an uploaded file.
	KindFile
	// KindFilename is a file name given by the client.
	KindFilename
	// KindContentType is a content type given inside a body.
	KindContentType
	// KindHeader is any other header line of a multipart part.
	KindHeader
	// KindRest is what follows the point where the input stopped being the
	// format.
	KindRest
)

// State is the outcome of a cursor's Next.
type State uint8

// The outcomes of Next.
const (
	// Found means that the Field was set.
	Found State = iota
	// NeedMore means that the window is exhausted: drop Consumed bytes, append
	// new ones, call Window, go on.
	NeedMore
	// Done means that the input has ended.
	Done
)

// Field is one part of a container. Name and Value are slices of the window
// (or of the cursor's own fixed buffers) and are valid until the next call of
// Next or Window.
type Field struct {
	Kind Kind
	// Name is the key under which Value stands; empty where there is none.
	Name []byte
	// Value is the raw text, still escaped.
	Value []byte
	// Escaped means that Value (for KindName and KindEnter: Name) contains the
	// container's own escapes.
	Escaped bool
	// Partial means that the value goes on in the next field, which repeats its
	// last Overlap bytes.
	Partial bool
	// Flags is what the cursor noticed about this field.
	Flags Flags
}

// park copies a name that waits for its value out of the window, which goes.
func park(buf, name []byte) []byte { return buf[:copy(buf, name)] }
