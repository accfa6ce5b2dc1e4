package kong

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Header is one header line.
type Header struct{ Name, Value string }

// Request is what Kong knows of a request when a plugin asks.
type Request struct {
	// Method and URI are as on the wire.
	Method, URI string
	// Headers may have any bytes in them and any number of lines.
	Headers []Header
	// Body is sent in band, or named by BodyFile when that is set.
	Body     []byte
	BodyFile string
	// BodyError makes get_raw_body report an error.
	BodyError string
	// Address is the client's; Version that of HTTP, 1.1 when it is 0.
	Address string
	Version float64
	// Service is the protocol of the service, "" when there is no service.
	Service string
	// Delay is how long the first reply takes, BodyDelay that to get_raw_body.
	Delay, BodyDelay time.Duration
	// DropAfter is the number of frames of the plugin after which the
	// connection is dropped; 0 for none.
	DropAfter int

	// replies are recorded ones in hex.
	replies map[string]string
}

// Outcome is what became of a request.
type Outcome struct {
	// Exit says that the plugin answered the client itself.
	Exit    bool
	Status  int
	Body    string
	Headers []Header
	// Upstream and Response are the headers that the plugin has set.
	Upstream, Response []Header
	// Calls are the names of the PDK functions that were called.
	Calls []string
}

// Get returns a header of the answer to the client.
func (o *Outcome) Get(name string) string {
	for _, h := range append(o.Headers, o.Response...) {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// errUnknown is what makes Kong drop the connection without a reply.
var errUnknown = errors.New("unknown PDK method")

// call executes a PDK function and returns the encoded reply.
func (r *Request) call(method string, arg []byte, o *Outcome) ([]byte, error) {
	if recorded, ok := r.replies[method]; ok {
		return hex.DecodeString(recorded)
	}
	switch method {
	case "kong.request.get_method":
		return textField(nil, 1, r.Method), nil
	case "kong.request.get_path_with_query":
		return textField(nil, 1, r.URI), nil
	case "kong.request.get_headers":
		limit, _, err := field(arg, 1)
		if limit == 0 || limit > 1000 {
			limit = 100
		}
		return r.headers(int(limit)), err
	case "kong.client.get_forwarded_ip", "kong.client.get_ip":
		return textField(nil, 1, r.Address), nil
	case "kong.request.get_http_version":
		if r.Version == 0 {
			return doubleField(nil, 1, 1.1), nil
		}
		return doubleField(nil, 1, r.Version), nil
	case "kong.request.get_raw_body":
		if r.BodyError != "" {
			return textField(nil, 3, r.BodyError), nil
		}
		if r.BodyFile != "" {
			return textField(nil, 2, r.BodyFile), nil
		}
		return bytesField(nil, 1, r.Body), nil
	case "kong.router.get_service":
		if r.Service == "" {
			return nil, nil
		}
		return textField(textField(nil, 1, "0c5c1b5e"), 6, r.Service), nil
	case "kong.service.request.set_header":
		return nil, setHeader(&o.Upstream, arg)
	case "kong.response.set_header":
		return nil, setHeader(&o.Response, arg)
	}
	return nil, fmt.Errorf("%w %s", errUnknown, method)
}

// headers encodes a Struct as Kong does: names in lower case and in random
// order, several lines of one name as a list, no more lines than the limit.
func (r *Request) headers(limit int) []byte {
	byName := map[string][]string{}
	for i, h := range r.Headers {
		if i == limit {
			break
		}
		name := strings.ToLower(h.Name)
		byName[name] = append(byName[name], h.Value)
	}
	names := make([]string, 0, len(byName))
	for name := range byName {
		names = append(names, name)
	}
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	var out []byte
	for _, name := range names {
		values := byName[name]
		value := textField(nil, 3, values[0])
		if len(values) > 1 {
			var list []byte
			for _, v := range values {
				list = bytesField(list, 1, textField(nil, 3, v))
			}
			value = bytesField(nil, 6, list)
		}
		entry := textField(nil, 1, name)
		if rand.IntN(2) == 0 { // the order of fields means nothing
			entry = textField(bytesField(nil, 2, value), 1, name)
		} else {
			entry = bytesField(entry, 2, value)
		}
		out = bytesField(out, 1, entry)
	}
	return out
}

func setHeader(to *[]Header, arg []byte) error {
	h, err := parseKV(arg)
	*to = append(*to, h)
	return err
}

func parseKV(b []byte) (Header, error) {
	_, name, err := field(b, 1)
	if err != nil {
		return Header{}, err
	}
	_, value, err := field(b, 2)
	if err != nil {
		return Header{}, err
	}
	_, text, err := field(value, 3)
	return Header{string(name), string(text)}, err
}

// exit decodes ExitArgs.
func (o *Outcome) exit(arg []byte) error {
	o.Exit = true
	return fields(arg, func(id protowire.Number, number uint64, value []byte) error {
		switch id {
		case 1:
			o.Status = int(number)
		case 2:
			o.Body = string(value)
		case 3:
			return fields(value, func(_ protowire.Number, _ uint64, entry []byte) error {
				h, err := parseKV(entry)
				o.Headers = append(o.Headers, h)
				return err
			})
		}
		return nil
	})
}
