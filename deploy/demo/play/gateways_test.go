package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

// TestGateways: the demo with each real gateway in the place of glacis proxy,
// with a part of the traffic.
func TestGateways(t *testing.T) {
	if testing.Short() {
		t.Skip("starts real gateways")
	}
	benign, err := traffic.Benign()
	if err != nil {
		t.Fatal(err)
	}
	attacks, err := traffic.Attacks()
	if err != nil {
		t.Fatal(err)
	}
	for _, gateway := range []string{"envoy", "traefik", "kong"} {
		t.Run(gateway, func(t *testing.T) {
			var out strings.Builder
			site, err := start(t.Context(), &out, options{repository: "../../..", gateway: gateway})
			if errors.Is(err, errUnavailable) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer site.stop()
			sum, err := play(t.Context(), &out, site, every(benign, 5), every(attacks, 2), false)
			if err != nil {
				t.Fatalf("%v\n%s", err, &out)
			}
			if sum.passed < sum.benign || sum.total().blocked*2 < sum.total().sent {
				t.Errorf("%d of %d visits passed, %d of %d attacks were blocked:\n%s", sum.passed, sum.benign, sum.total().blocked, sum.total().sent, &out)
			}
		})
	}
}

// every returns each nth request.
func every(list []traffic.Request, n int) (out []traffic.Request) {
	for i := 0; i < len(list); i += n {
		out = append(out, list[i])
	}
	return out
}
