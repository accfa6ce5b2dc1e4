package conformance

import (
	"fmt"
	"strings"

	"github.com/glacis-waf/glacis/core"
	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/gateway"
)

// Action is what is to become of a request.
type Action string

// The actions.
const (
	// Pass: it reaches the upstream as it was sent.
	Pass Action = "pass"
	// Block: the client gets 403 and the upstream not the whole request.
	Block Action = "block"
	// Refuse: it is so malformed that it must not reach the upstream as it is;
	// the gateway's own refusal or a hung-up connection is as good as ours.
	Refuse Action = "refuse"
	// PassOrRefuse: gateways differ in whether they take it at all.
	PassOrRefuse Action = "pass or refuse"
	// BlockOrRefuse: likewise, but it must not get through.
	BlockOrRefuse Action = "block or refuse"
)

func (a Action) known() bool {
	return a == Pass || a == Block || a == Refuse || a == PassOrRefuse || a == BlockOrRefuse
}

// Expect is what is to happen.
type Expect struct {
	Action Action `yaml:"action"`
	// Family and Location are those of the finding; "" where they do not
	// matter. A location without '#' stands for any decode chain behind it.
	Family   string `yaml:"family"`
	Location string `yaml:"location"`
	// Uninspected: a limit is reached and the event says so.
	Uninspected bool `yaml:"uninspected"`
	// Target is the request target at the upstream if it is another.
	Target string `yaml:"target"`
	// Event is the action that the event names, if it is not the plain one:
	// detect where only the mode lets a request pass. Asset and Cause are what
	// the policy found and what decided (glacis.reason), Exceptions the effect
	// of each that matched.
	Event      gateway.Action    `yaml:"event"`
	Asset      string            `yaml:"asset"`
	Cause      string            `yaml:"cause"`
	Exceptions map[string]string `yaml:"exceptions"`
	// Miss says why the engine errs here today: an attack passes or an honest
	// request is blocked. Either is taken then, and being right is reported as
	// progress.
	Miss string `yaml:"miss"`
}

// Case is one request with what is to become of it.
type Case struct {
	// Group and ID name it; Group/ID is unique in the suite.
	Group, ID string
	// Reason says why the case is here.
	Reason string
	Expect Expect
	// Policy names the policy under which it runs, see LoadPolicy; "" is none.
	Policy string
	build  func(id string) *Message
}

// Name returns "group/id".
func (c *Case) Name() string { return c.Group + "/" + c.ID }

// Message makes the request of the case with a request id.
func (c *Case) Message(id string) *Message { return c.build(id) }

// check reports the first thing that makes no sense in a case.
func (c *Case) check() error {
	e := &c.Expect
	switch {
	case c.ID == "" || strings.ContainsAny(c.ID, " /*?["):
		return fmt.Errorf("id %q: want a name without spaces, slashes and wildcards", c.ID)
	case c.Reason == "":
		return fmt.Errorf("%s: reason is missing", c.ID)
	case !e.Action.known():
		return fmt.Errorf("%s: action %q: want pass, block, refuse, pass or refuse, block or refuse", c.ID, e.Action)
	case c.Policy == "" && (e.Event != "" || e.Asset != "" || e.Cause != "" || len(e.Exceptions) > 0):
		return fmt.Errorf("%s: event, asset, cause and exceptions need a policy", c.ID)
	case c.Policy != "" && e.Asset == "":
		return fmt.Errorf("%s: under a policy the asset is required", c.ID)
	case (e.Family != "" || e.Location != "") && e.Action != Block && e.Action != BlockOrRefuse && e.Event != gateway.ActionDetect:
		return fmt.Errorf("%s: family and location need action block", c.ID)
	case e.Miss != "" && e.Action != Block && e.Action != Pass:
		return fmt.Errorf("%s: miss needs action block or pass", c.ID)
	case e.Family != "" && !familyKnown(e.Family):
		return fmt.Errorf("%s: family %q does not exist", c.ID, e.Family)
	}
	return nil
}

func familyKnown(name string) bool {
	for f := model.None + 1; f < model.Families; f++ {
		if f.Name() == name {
			return true
		}
	}
	return false
}

// headerLine splits "Name: value".
func headerLine(line string) (core.Header, error) {
	name, value, ok := strings.Cut(line, ":")
	if !ok || name == "" {
		return core.Header{}, fmt.Errorf("header %q: want Name: value", line)
	}
	return core.Header{Name: name, Value: strings.TrimPrefix(value, " ")}, nil
}

func headerLines(lines []string) ([]core.Header, error) {
	var out []core.Header
	for _, line := range lines {
		h, err := headerLine(line)
		if err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}
