package traefik

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
	"github.com/glacis-waf/glacis/gateway"
)

// policyBytes bounds a policy; its reader refuses more.
const policyBytes = 8 << 20

// origin is where a policy comes from: the middleware's own options, as a
// mapping or, from labels, as JSON in a string, or a file of JSON.
type origin struct {
	tree map[string]interface{}
	text string
	file string
	// remote says that it comes from the sidecar, which client asks.
	remote bool
	client *client
}

// newOrigin reads the two options; an error begins with the name of one.
func newOrigin(inline interface{}, file string) (origin, error) {
	o := origin{file: strings.TrimSpace(file)}
	if inline != nil {
		tree, mapping := inline.(map[string]interface{})
		text, written := inline.(string)
		if mapping {
			o.tree = tree
		} else if written {
			o.text = strings.TrimSpace(text)
		} else if odd, is := inline.(map[interface{}]interface{}); is {
			o.tree = map[string]interface{}{}
			for key, value := range odd {
				o.tree[fmt.Sprint(key)] = value
			}
		} else {
			return o, errors.New("policy: want a mapping, or JSON in a string")
		}
	}
	if o.file != "" && (o.text != "" || len(o.tree) > 0) {
		return o, errors.New("policyFile: contradicts policy")
	}
	return o, nil
}

// none says that the options name no policy.
func (o *origin) none() bool { return o.file == "" && o.text == "" && len(o.tree) == 0 }

// key is equal for equal origins. fmt sorts the keys of maps.
func (o *origin) key() string {
	if o.remote {
		return "sidecar"
	}
	if o.none() {
		return ""
	}
	return fmt.Sprintf("%q %q %#v", o.file, o.text, o.tree)
}

// load returns the text as it is now, "" for a mapping.
func (o *origin) load() (string, error) {
	if o.remote {
		return o.client.policy()
	}
	if o.file == "" {
		return o.text, nil
	}
	f, err := os.Open(o.file)
	if err != nil {
		return "", errors.New("policyFile: " + err.Error())
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, policyBytes+1))
	if err != nil {
		return "", errors.New("policyFile: " + err.Error())
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		return "", errors.New("policyFile: " + o.file + " is empty")
	}
	return string(data), nil
}

// compile makes a policy of what load returned; nil is none.
func (o *origin) compile(text string, now time.Time) (*policy.Policy, error) {
	if len(o.tree) > 0 {
		return gateway.PolicyOf(o.tree, now)
	}
	p, err := gateway.ParsePolicy(text, now)
	if err != nil && o.file != "" {
		return nil, errors.New("policyFile: " + o.file + ": " + err.Error() + "; it must be what glacis policy compile prints")
	}
	return p, err
}
