package gateway

import (
	"errors"
	"time"

	"github.com/glacis-waf/glacis/core/policy"
)

// ParsePolicy reads a policy in its JSON form, as it stands inline in a
// gateway's own configuration (the value of a key that ParseSettings hands on)
// or as glacis policy compile prints it. Nothing is no policy: nil. Exceptions
// that have expired by now do not hold.
func ParsePolicy(text string, now time.Time) (*policy.Policy, error) {
	if text == "" {
		return nil, nil
	}
	doc, err := policy.Decode([]byte(text))
	return compilePolicy(doc, err, now)
}

// ParsePolicyTexts is ParsePolicy for gateways that make strings of numbers
// before they hand a configuration on as JSON.
func ParsePolicyTexts(text string, now time.Time) (*policy.Policy, error) {
	if text == "" {
		return nil, nil
	}
	n, err := policy.Parse([]byte(text))
	if err != nil {
		return compilePolicy(nil, policy.Problems{{Message: err.Error()}}, now)
	}
	doc, err := policy.FromNode(n.Texts())
	return compilePolicy(doc, err, now)
}

// PolicyOf reads a policy from what a gateway's configuration reader made of
// it: maps, lists, strings, numbers, or strings of numbers (see
// policy.FromTexts). An empty map is no policy: nil.
func PolicyOf(tree map[string]any, now time.Time) (*policy.Policy, error) {
	if len(tree) == 0 {
		return nil, nil
	}
	doc, err := policy.FromNode(policy.FromTexts(tree))
	return compilePolicy(doc, err, now)
}

func compilePolicy(doc *policy.Document, err error, now time.Time) (*policy.Policy, error) {
	if err != nil {
		return nil, hinted(err)
	}
	p, err := policy.Compile(doc, now)
	if err != nil {
		return nil, hinted(err)
	}
	return p, nil
}

// hinted adds to the first problem what was probably meant.
func hinted(err error) error {
	list, ok := err.(policy.Problems)
	if !ok || len(list) == 0 {
		return err
	}
	p := list[0]
	text := "policy: " + p.Message
	if p.Path != "" {
		text = "policy." + p.Path + ": " + p.Message
	}
	if p.Given != "" {
		text += Suggest(p.Given, p.Known)
	}
	return errors.New(text)
}
