package walk

import "github.com/glacis-waf/glacis/core/decode"

// frame holds the cursors of one nesting level.
type frame struct {
	json    decode.JSON
	form    decode.Form
	xml     decode.XML
	cookie  decode.Cookie
	strings decode.Strings
	php     decode.PHP
	graphql decode.GraphQL
	serial  decode.Serial
	yaml    decode.YAML
	msgpack decode.Msgpack
	proto   decode.Protobuf
	delim   decode.Delimited
	auth    decode.AuthParams
	path    decode.PathSegments
	field   decode.Field
}

// format names a cursor.
type format uint8

const (
	asJSON format = iota
	asForm
	asXML
	asCookie
	asPHP
	asGraphQL
	asYAML
	asDelimited
	asSerialized
	asProtobuf
	asMsgpack
	asAuth
	asPath
	asStrings
)

// cursor is what all container decoders have in common.
type cursor interface {
	Next(f *decode.Field) decode.State
}

// open readies the frame's cursor of that format over v.
func (f *frame) open(kind format, v []byte) cursor {
	switch kind {
	case asJSON:
		f.json.Reset()
		f.json.Window(v, true)
		return &f.json
	case asForm:
		f.form.Reset()
		f.form.Window(v, true)
		return &f.form
	case asXML:
		f.xml.Reset()
		f.xml.Window(v, true)
		return &f.xml
	case asCookie:
		f.cookie.Reset()
		f.cookie.Window(v, true)
		return &f.cookie
	case asPHP:
		f.php.Reset()
		f.php.Window(v, true)
		return &f.php
	case asGraphQL:
		f.graphql.Reset()
		f.graphql.Window(v, true)
		return &f.graphql
	case asYAML:
		f.yaml.Reset()
		f.yaml.Window(v, true)
		return &f.yaml
	case asDelimited:
		f.delim.Reset()
		f.delim.Window(v, true)
		return &f.delim
	case asSerialized:
		f.serial.Reset()
		f.serial.Window(v, true)
		return &f.serial
	case asProtobuf:
		f.proto.Reset()
		f.proto.Window(v, true)
		return &f.proto
	case asMsgpack:
		f.msgpack.Reset()
		f.msgpack.Window(v, true)
		return &f.msgpack
	case asAuth:
		f.auth.Reset()
		f.auth.Window(v, true)
		return &f.auth
	case asPath:
		f.path.Reset()
		f.path.Window(v, true)
		return &f.path
	}
	f.strings.Reset()
	if len(v) >= longBinary {
		f.strings.LongRuns()
	}
	f.strings.Window(v, true)
	return &f.strings
}

// longBinary is the size from which only longer strings of a binary count.
const longBinary = 4 << 10

// enter takes the cursors of the next nesting level; nil beyond the limit.
func (w *Walker) enter() *frame {
	if w.level >= len(w.frames) {
		w.Counts.Depth++
		return nil
	}
	f := w.frames[w.level]
	if f == nil {
		f = new(frame)
		w.frames[w.level] = f
	}
	w.level++
	return f
}

func (w *Walker) leave() { w.level-- }
