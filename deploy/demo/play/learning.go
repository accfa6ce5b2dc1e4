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

	"github.com/glacis-waf/glacis/deploy/demo/traffic"
)

const (
	networks = 24 // of visitors
	writers  = 6  // of those who write cards: too few for learning
	// learnTime bounds the act. Learning takes five windows, of which each lasts
	// 60/learnSpeed seconds.
	learnTime = 3 * time.Minute
	// pause is between two rounds of visitors.
	pause = 700 * time.Millisecond
)

// act is the second half of the demo: visitors come, the sidecar learns.
type act struct {
	*site
	client  *http.Client
	out     io.Writer
	paint   paint
	random  *rand.Rand
	started time.Time
	// search and card are the honest texts that are refused at first, "" if the
	// model takes none for an attack.
	search, card string
	// shown is the last line of progress, without its time.
	shown string
	// policy is the suggestion that the sidecar makes, "" before.
	policy string
	// learned and excepted are the two things that the act wants to show.
	learned, excepted bool
}

// learn plays visitors until both texts pass, and then the attacks again, of
// which as many were blocked before. good is false when the texts do not pass in
// time or more attacks do.
func (s *site) learn(ctx context.Context, out io.Writer, attacks []traffic.Request, before int) (good bool, err error) {
	a := &act{site: s, client: &http.Client{Timeout: 20 * time.Second}, out: out, paint: paintFor(out), random: rand.New(rand.NewPCG(1, 2)), started: time.Now()}
	if err := a.choose(ctx); err != nil {
		return false, err
	}
	a.open()
	for time.Since(a.started) < learnTime && ctx.Err() == nil {
		if err := a.step(ctx); err != nil {
			return false, err
		}
		if a.done() {
			return a.close(ctx, attacks, before)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
	}
	fmt.Fprintf(out, "\nNot as it should be: within %v the search should have been learned (%v) and the card excepted (%v).\n", learnTime, a.learned, a.excepted)
	return false, ctx.Err()
}

// step is one round of visitors and what it shows.
func (a *act) step(ctx context.Context) error {
	searches, cards, err := a.round(ctx)
	if err != nil {
		return err
	}
	level, percent, err := a.side.level(ctx)
	if err != nil {
		return err
	}
	a.progress(level, percent, searches, cards)
	if searches == 0 && a.search != "" && !a.learned {
		a.learned = true
		a.say(a.paint.good("learned:")+" %q is normal in this search, so it passes for everybody", a.search)
	}
	if cards == 0 && a.policy != "" && a.card != "" && !a.excepted {
		a.excepted = true
		a.say(a.paint.good("in force:")+" the card %q passes", a.card)
	}
	if level == "settled" && a.search == "" {
		a.learned = true
	}
	return a.settle(ctx)
}

// done says whether all has been shown that can be: where the gateway takes no
// policy from a folder, the suggestion is the end.
func (a *act) done() bool {
	switch {
	case !a.learned:
		return false
	case a.card == "":
		return true
	case a.policies == "":
		return a.policy != ""
	}
	return a.excepted
}

// round has every visitor do something and returns how many of the two texts
// were refused.
func (a *act) round(ctx context.Context) (searches, cards int, err error) {
	words := strings.Fields("lamp shoes mug poster shirt boots jacket tea book pillow chair table")
	word := func() string { return words[a.random.IntN(len(words))] }
	for i := range networks {
		client := fmt.Sprintf("198.18.%d.%d", i, 1+a.random.IntN(250))
		visits := []string{"/search?q=" + url.QueryEscape(word()+" "+word()), "/search?q=" + url.QueryEscape(word())}
		refused := 0
		for _, target := range visits {
			if _, err := a.visit(ctx, target, client, ""); err != nil {
				return 0, 0, err
			}
		}
		if a.search != "" {
			if refused, err = a.visit(ctx, "/search?q="+url.QueryEscape(a.search), client, ""); err != nil {
				return 0, 0, err
			}
			searches += refused
		}
		if i < writers && a.card != "" {
			if refused, err = a.visit(ctx, "/card?text="+url.QueryEscape(a.card), client, ""); err != nil {
				return 0, 0, err
			}
			cards += refused
		}
	}
	return searches, cards, nil
}

// visit returns 1 if a request of a client was refused, 0 if not.
func (a *act) visit(ctx context.Context, target, client, id string) (refused int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.proxy+target, nil)
	if err != nil {
		return 0, fmt.Errorf("visit: %w", err)
	}
	req.Header.Set("X-Forwarded-For", client)
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if id != "" {
		req.Header.Set("X-Request-Id", id)
	}
	res, err := a.client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("visit: %w", err)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return 0, fmt.Errorf("visit: %w", err)
	}
	if res.StatusCode == http.StatusForbidden {
		return 1, nil
	}
	return 0, nil
}

// settle puts the suggestion about cards in force once there is one, as an
// operator would who has read it.
func (a *act) settle(ctx context.Context) error {
	if a.policy != "" || a.card == "" {
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
	a.say(a.paint.note("suggested:")+" glacis learn suggestions has an exception for the card\n\n%s", indent(text))
	if a.policies == "" {
		fmt.Fprintf(a.out, "        %s takes its policy from its own configuration only, so it is not put in force here.\n\n", a.name)
		return nil
	}
	if err := os.WriteFile(filepath.Join(a.policies, "cards.yaml"), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	fmt.Fprint(a.out, "        copied into the folder of policies, which is looked at every two seconds\n\n")
	return nil
}
