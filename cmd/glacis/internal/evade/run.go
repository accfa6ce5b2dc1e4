package evade

import (
	"context"
	"sync"

	"github.com/glacis-waf/glacis/models/evasion"
)

// Options say how hard to try.
type Options struct {
	// Seed makes the run repeatable: the same files, model and options give the
	// same report.
	Seed uint64
	// PerFile is how many attacks of each file are taken, at most.
	PerFile int
	// Steps is how many rewritings of each attack are tried.
	Steps int
	// Workers is how many attacks are worked on at a time, 1 at least.
	Workers int
}

// Outcome is what became of one attack.
type Outcome struct {
	Attack
	// Evaded is set when the engine lets Best, the lowest scoring rewriting,
	// through.
	Evaded bool
	Best   string
	// Before and After are the scores of the attack and of Best.
	Before, After float64
	// Padded is what came of each of Paddings.
	Padded []Trial
}

// File attacks the target with one corpus file: with the first PerFile values,
// in an order drawn from the seed, that the engine blocks as they are. tried is
// how many it took to find them.
func File(ctx context.Context, t *Target, file string, o *Options) (out []Outcome, tried int, err error) {
	all, err := Sample(file, o.Seed)
	if err != nil {
		return nil, 0, err
	}
	var caught []Attack
	for ; tried < len(all) && len(caught) < o.PerFile; tried++ {
		if a := &all[tried]; t.Blocks(a.Value, a.Post) {
			caught = append(caught, *a)
		}
	}
	out = make([]Outcome, len(caught))
	var wg sync.WaitGroup
	next := make(chan int)
	for range o.Workers {
		wg.Go(func() {
			for i := range next {
				out[i] = attack(t, caught[i], o)
			}
		})
	}
	for i := range caught {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	wg.Wait()
	return out, tried, ctx.Err()
}

func attack(t *Target, a Attack, o *Options) Outcome {
	x := Outcome{Attack: a}
	score := t.score(a.Post)
	x.Before = score(a.Value)
	x.Best, x.After = evasion.Search(a.rand(o.Seed, "search"), a.Value, a.Family, score, o.Steps)
	x.Evaded = !t.Blocks(x.Best, a.Post)
	x.Padded = pad(t, &a, o.Seed)
	return x
}
