package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Two honest texts that the model takes for SQL with high confidence. Visitors
// of many networks search for the first, so that it is learned; few write the
// second on a gift card, so that an operator has to say it.
const (
	learnable = "sleep(8) hours pillow"
	settled   = "union jack' or 'union flag'"
)

const (
	networks = 24 // of visitors
	writers  = 6  // of those who write cards
	// learnTime bounds the act: four windows of a minute and as much again.
	learnTime = 10 * time.Minute
)

// act is the second half of the demo: visitors come, the sidecar learns.
type act struct {
	*site
	client  *http.Client
	out     io.Writer
	random  *rand.Rand
	started time.Time
	level   string
	// policy is the suggestion that was put in force, "" before.
	policy string
}

// learn plays visitors until both texts pass; good is false when they do not in
// time.
func (s *site) learn(ctx context.Context, out io.Writer) (good bool, err error) {
	a := &act{site: s, client: &http.Client{Timeout: 20 * time.Second}, out: out, random: rand.New(rand.NewPCG(1, 2)), started: time.Now()}
	fmt.Fprintf(out, "\nNow the sidecar learns, for some minutes, in windows of one minute: visitors of %d networks search, now and then for\n"+
		"%q, and those of %d networks also write %q on cards.\nThe model takes both for SQL.\n\n", networks, learnable, writers, settled)
	familiar, excepted := false, false
	for time.Since(a.started) < learnTime && ctx.Err() == nil {
		searches, cards, err := a.round(ctx)
		if err != nil {
			return false, err
		}
		if err := a.report(ctx); err != nil {
			return false, err
		}
		if searches == 0 && !familiar {
			familiar = true
			a.say("the search for %q passes for everybody: it was learned to be normal there", learnable)
		}
		if cards == 0 && a.policy != "" && !excepted {
			excepted = true
			a.say("the card passes: the suggestion is in force as policy")
		}
		if familiar && excepted {
			return true, nil
		}
		if err := a.settle(ctx); err != nil {
			return false, err
		}
		time.Sleep(time.Second)
	}
	fmt.Fprintf(out, "\nNot as it should be: within %v the search should have been learned (%v) and the card excepted (%v).\n", learnTime, familiar, excepted)
	return false, ctx.Err()
}

// round has every visitor do something and returns how many of the two texts
// were refused.
func (a *act) round(ctx context.Context) (searches, cards int, err error) {
	words := strings.Fields("lamp shoes mug poster shirt boots jacket tea book pillow chair table")
	word := func() string { return words[a.random.IntN(len(words))] }
	for i := range networks {
		visits := []string{"/search?q=" + url.QueryEscape(word()+" "+word()), "/search?q=" + url.QueryEscape(word()), "/search?q=" + url.QueryEscape(learnable)}
		if i < writers {
			visits = append(visits, "/card?text="+url.QueryEscape(settled))
		}
		for k, target := range visits {
			refused, err := a.visit(ctx, target, fmt.Sprintf("198.18.%d.%d", i, 1+a.random.IntN(250)))
			if err != nil {
				return 0, 0, err
			}
			switch {
			case refused && k == 2:
				searches++
			case refused && k == 3:
				cards++
			}
		}
	}
	return searches, cards, nil
}

// visit says whether a request of a client was refused.
func (a *act) visit(ctx context.Context, target, client string) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.proxy+target, nil)
	if err != nil {
		return false, fmt.Errorf("visit: %w", err)
	}
	req.Header.Set("X-Forwarded-For", client)
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	res, err := a.client.Do(req)
	if err != nil {
		return false, fmt.Errorf("visit: %w", err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return false, fmt.Errorf("visit: %w", err)
	}
	return res.StatusCode == http.StatusForbidden, nil
}

// report says how far the shop has been learned, when that changes.
func (a *act) report(ctx context.Context) error {
	level, err := a.side.level(ctx)
	if err == nil && level != a.level {
		a.level = level
		a.say("learning: %s", level)
	}
	return err
}

// settle puts the suggestion about cards in force once there is one, as an
// operator would who has read it.
func (a *act) settle(ctx context.Context) error {
	if a.policy != "" {
		return nil
	}
	text, err := a.side.suggestion(ctx, "/card")
	if err != nil || text == "" {
		return err
	}
	if !strings.Contains(text, "exceptions:") {
		return errors.New("the sidecar suggests no exception: " + text)
	}
	a.policy = text
	a.say("glacis learn suggestions has an exception for the card; it goes into the folder of policies:\n\n%s", indent(text))
	if err := os.WriteFile(filepath.Join(a.side.policies, "cards.yaml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	return nil
}

// say prints a line with the time since the beginning of the act.
func (a *act) say(format string, args ...any) {
	d := time.Since(a.started).Round(time.Second)
	fmt.Fprintf(a.out, "  %d:%02d  %s\n", int(d.Minutes()), int(d.Seconds())%60, fmt.Sprintf(format, args...))
}

func indent(text string) string {
	return "        " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n        ") + "\n"
}
