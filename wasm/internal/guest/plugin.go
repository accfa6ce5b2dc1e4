package guest

import (
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
)

// plugin is one generation of a plugin configuration with its engine. It does
// not change: streams keep the one that they began with.
type plugin struct {
	options
	engine *core.Engine
	// idHeader is RequestIDHeader in the spelling of HTTP/2.
	idHeader string
}

func newPlugin(o options) (*plugin, error) {
	e, err := o.engine(o.model)
	if err != nil {
		return nil, err
	}
	return &plugin{options: o, engine: e, idHeader: strings.ToLower(o.RequestIDHeader)}, nil
}

// withModel returns the same configuration with another model.
func (p *plugin) withModel(m *model.Model) (*plugin, error) {
	e, err := p.options.engine(m)
	if err != nil {
		return nil, err
	}
	q := *p
	q.engine = e
	return &q, nil
}

// root is a root context of the host: one plugin configuration.
type root struct {
	id      uint32
	current *plugin // nil until it is configured
	update  update
}
