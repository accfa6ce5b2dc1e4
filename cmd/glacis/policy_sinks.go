package main

import (
	"fmt"

	"github.com/glacis-waf/glacis/policy"
)

// withSinks makes the sinks that a policy names part of putting it to use: if
// one cannot be opened, the policy is refused. Without any, those of the flags
// are in use. What a sidecar's policy says of sinks is about its own machine.
func (f *eventFlags) withSinks(use func(*policy.Loaded) error) func(*policy.Loaded) error {
	return func(l *policy.Loaded) error {
		addresses, stage := f.sinks, "--event-sink"
		if named := l.Document.Logging.Sinks; len(named) > 0 && !l.Remote {
			addresses, stage = named, "logging.sinks"
		}
		change, err := f.outputs.Prepare(addresses)
		if err != nil {
			return fmt.Errorf("%s: %w", stage, err)
		}
		if err := use(l); err != nil {
			change.Drop()
			return err
		}
		change.Apply()
		return nil
	}
}
