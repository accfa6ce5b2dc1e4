package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

// outcome is what became of one request.
type outcome struct {
	request  traffic.Request
	blocked  bool
	status   int
	verdict  record
	leaked   bool // the answer through the proxy gave the secret away
	leakable bool // the answer without it did
}

// play sends everything: a handful of honest requests, an attack, and so on,
// as it comes in real life.
// Of honest visits only those are listed that were refused, unless verbose.
func play(ctx context.Context, out io.Writer, s *site, benign, attacks []traffic.Request, verbose bool) (*summary, error) {
	sum, colors := &summary{}, paintFor(out)
	mixed := mix(benign, attacks)
	client := &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for i, r := range mixed {
		o, err := judge(ctx, client, s, r, fmt.Sprintf("demo-%06d", i+1))
		if err != nil {
			return nil, err
		}
		sum.add(o)
		if verbose || o.blocked || r.Family != "" {
			o.print(out, colors)
		}
	}
	return sum, nil
}

// mix spreads the attacks evenly.
func mix(benign, attacks []traffic.Request) []traffic.Request {
	out := make([]traffic.Request, 0, len(benign)+len(attacks))
	for i, b := range benign {
		out = append(out, b)
		out = append(out, attacks[i*len(attacks)/len(benign):(i+1)*len(attacks)/len(benign)]...)
	}
	return out
}

// judge sends a request through the proxy and, if it is an attack, also to the
// shop that has none.
func judge(ctx context.Context, client *http.Client, s *site, r traffic.Request, id string) (outcome, error) {
	o := outcome{request: r}
	status, refusal, body, err := send(ctx, client, r, s.proxy, s.internal, id)
	if err != nil {
		return o, err
	}
	o.status, o.blocked = status, refusal
	verdict, ok := s.verdicts.of(ctx, id)
	if !ok {
		return o, fmt.Errorf("%s: glacis has logged nothing about request %s", r.Name, id)
	}
	if o.verdict = verdict; o.blocked != (verdict.Action == "block") {
		return o, fmt.Errorf("%s: answered with %d, but logged as %s", r.Name, status, verdict.Action)
	}
	if r.Leak == "" {
		return o, nil
	}
	if r.Then != "" {
		then := traffic.Request{Name: r.Name, Method: http.MethodGet, Target: r.Then}
		if _, _, body, err = send(ctx, client, then, s.proxy, s.internal, id+"-then"); err != nil {
			return o, err
		}
	}
	o.leaked = strings.Contains(body, r.Leak)
	if _, _, body, err = send(ctx, client, r, s.bare, s.internal, id); err != nil {
		return o, err
	}
	if r.Then != "" {
		then := traffic.Request{Name: r.Name, Method: http.MethodGet, Target: r.Then}
		if _, _, body, err = send(ctx, client, then, s.bare, s.internal, id); err != nil {
			return o, err
		}
	}
	o.leakable = strings.Contains(body, r.Leak)
	return o, nil
}

// send returns the status, whether it is the proxy's own refusal, and the body.
func send(ctx context.Context, client *http.Client, r traffic.Request, base, internal, id string) (int, bool, string, error) {
	req, err := r.Build(base, internal)
	if err != nil {
		return 0, false, "", err
	}
	req.Header.Set("X-Request-Id", id)
	res, err := client.Do(req.WithContext(ctx))
	if err != nil {
		return 0, false, "", fmt.Errorf("%s: %w", r.Name, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4<<20))
	if err != nil {
		return 0, false, "", fmt.Errorf("%s: %w", r.Name, err)
	}
	return res.StatusCode, res.StatusCode == http.StatusForbidden && res.Header.Get("X-Request-Id") == id, string(body), nil
}
