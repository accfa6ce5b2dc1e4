package events

// Format writes a record as text of one line.
type Format interface {
	// Append appends the record without a line end.
	Append(dst []byte, r Record) ([]byte, error)
}

// formats are the formats by name.
var formats = map[string]func(Environment) Format{
	"json": func(Environment) Format { return jsonFormat{} },
	"cef":  func(e Environment) Format { return cefFormat{e.Version} },
}

// jsonFormat writes the line as it is.
type jsonFormat struct{}

// Append implements Format.
func (jsonFormat) Append(dst []byte, r Record) ([]byte, error) { return append(dst, r.Line...), nil }
