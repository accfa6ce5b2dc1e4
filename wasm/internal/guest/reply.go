package guest

import (
	"errors"
	"strconv"

	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

// reply is the answer to a call, without its body.
type reply struct {
	status          int // 0: there was none
	etag, signature string
	size            int // of the body
}

// maxField bounds the header lines of an answer that are kept.
const maxField = 256

// readReply reads the head of the answer that the host has.
func readReply(host abi.Host, size int) (reply, error) {
	r := reply{size: size}
	block, ok := host.HeaderMap(abi.CallHeaders)
	if !ok {
		return r, nil
	}
	pairs, err := abi.Parse(block)
	if err != nil {
		return r, err
	}
	for name, value, more := pairs.Next(); more; name, value, more = pairs.Next() {
		if len(value) > maxField {
			continue
		}
		switch name {
		case ":status":
			r.status, err = strconv.Atoi(value)
		case "etag":
			r.etag = string([]byte(value))
		case "glacis-signature":
			r.signature = string([]byte(value))
		}
	}
	return r, err
}

// fault says what is wrong with an answer that should have been a good one.
func (r *reply) fault() error {
	if r.status == 0 {
		return errors.New("no answer")
	}
	return errors.New("status " + strconv.Itoa(r.status))
}

// body copies the body out of the host.
func (r *reply) body(host abi.Host, most int) ([]byte, error) {
	if r.size > most {
		return nil, errors.New("an answer of " + strconv.Itoa(r.size) + " bytes, more than " + strconv.Itoa(most))
	}
	data, ok := host.Buffer(abi.CallBody, 0, r.size)
	if !ok || len(data) < r.size {
		return nil, errors.New("the host does not hand the answer over")
	}
	return append([]byte(nil), data...), nil
}
