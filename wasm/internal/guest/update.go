package guest

import (
	"errors"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/wasm/internal/abi"
)

const (
	// firstAskMillis is when the first question goes out after the start; a host
	// takes none while it configures.
	firstAskMillis = 200
	// callMillis bounds one question.
	callMillis = 10000
	// modelPath is what is asked for.
	modelPath = "/v1/model"
	// maxModel bounds the answer; models/FORMAT.md allows no more.
	maxModel = 9 << 20
)

// update keeps the model of a root context up to date from a sidecar: GET
// /v1/model, answered 200 with a model file (models/FORMAT.md) and an ETag, or
// 304 while the ETag given in If-None-Match is that of the newest.
type update struct {
	cluster string
	period  uint32
	etag    string
	call    uint32
	waiting bool
	request []byte
}

// start begins to ask, or ends it, as a configuration says.
func (u *update) start(host abi.Host, p *plugin) {
	was := u.cluster != ""
	*u = update{cluster: p.sidecar, period: uint32(p.pollSeconds) * 1000}
	if u.cluster != "" {
		host.Tick(firstAskMillis)
	} else if was {
		host.Tick(0)
	}
}

// ask sends the question unless one is under way.
func (u *update) ask(host abi.Host) {
	if u.cluster == "" || u.waiting {
		return
	}
	host.Tick(u.period)
	u.request = abi.AppendMap(u.request[:0], ":method", "GET", ":path", modelPath, ":authority", u.cluster,
		"accept", "application/octet-stream", "if-none-match", u.etag)
	if u.etag == "" {
		u.request = abi.AppendMap(u.request[:0], ":method", "GET", ":path", modelPath, ":authority", u.cluster,
			"accept", "application/octet-stream")
	}
	u.call, u.waiting = host.Call(u.cluster, u.request, callMillis)
}

func (u *update) expects(call uint32) bool { return u.waiting && u.call == call }

// answer reads the answer: a model, nil for the one that is in use, or why
// there is none.
func (u *update) answer(host abi.Host, size int) (*model.Model, error) {
	u.waiting = false
	status, etag := "", ""
	if block, ok := host.HeaderMap(abi.CallHeaders); ok {
		pairs, err := abi.Parse(block)
		if err != nil {
			return nil, err
		}
		for name, value, more := pairs.Next(); more; name, value, more = pairs.Next() {
			if name == ":status" {
				status = string([]byte(value))
			} else if name == "etag" && len(value) <= 128 {
				etag = string([]byte(value))
			}
		}
	}
	switch {
	case status == "304":
		return nil, nil
	case status == "":
		return nil, errors.New("no answer")
	case status != "200":
		return nil, errors.New("status " + status)
	case size > maxModel:
		return nil, errors.New("longer than a model can be")
	}
	data, ok := host.Buffer(abi.CallBody, 0, size)
	if !ok || len(data) < size {
		return nil, errors.New("the host does not hand the answer over")
	}
	m, err := model.Load(append([]byte(nil), data...))
	if err == nil {
		u.etag = etag
	}
	return m, err
}
