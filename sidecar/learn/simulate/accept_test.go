package simulate

import "testing"

// TestAccept: what is critical stays until an operator accepts it. What one
// accepts by the numbers alone belongs to the stream and lets no attack pass.
func TestAccept(t *testing.T) {
	if testing.Short() {
		t.Skip("inspects 60,000 requests")
	}
	play := func(accept int) *Report {
		o := Default()
		o.Hours, o.Benign, o.Attacks, o.Accept = 8, 600, 12, accept
		rep, err := Run(o, loadDesk(t).stream(5000), attacks())
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	without, with := play(0), play(5)
	_, before := without.Ends()
	_, after := with.Ends()
	t.Logf("%+v without, %+v with", before, after)
	for i := range with.Accepted {
		if s := &with.Accepted[i]; !s.Believable() || s.Template != "/snippets" && s.Template != "/search" {
			t.Errorf("accepted: %+v", s)
		}
	}
	if a, b := with.Total(), without.Total(); a.Detected < b.Detected-b.Attacks/500 {
		t.Errorf("attacks: %+v with, %+v without", a, b)
	}
	if len(without.Accepted) != 0 || after.Critical > before.Critical {
		t.Errorf("%+v without, %+v with", before, after)
	}
	if before.Critical == 0 {
		t.Skip("none of the desk's texts is critical for this model, so there is nothing to accept")
	}
	if len(with.Accepted) == 0 || after.False != 0 {
		t.Errorf("%d accepted, and still %+v", len(with.Accepted), after)
	}
}
