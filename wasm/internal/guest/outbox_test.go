package guest

import "testing"

func TestOutbox(t *testing.T) {
	o := outbox{limit: 40 << 10}
	if o.next(second) {
		t.Fatal("nothing is sent")
	}
	o.filling, o.items, o.since = append(o.filling, "one"...), 1, second
	if o.next(second + worthTime - 1) {
		t.Error("too early")
	}
	if !o.next(second+worthTime) || string(o.sending) != "one" || o.items != 0 || o.stale(second+worthTime) {
		t.Fatalf("%+v", o)
	}
	o.filling, o.items = append(o.filling, make([]byte, worthBytes)...), 5
	if !o.next(second+worthTime) || string(o.sending) != "one" {
		t.Error("the body under way was replaced")
	}
	if !o.stale(second + worthTime + giveUp + 1) {
		t.Error("never given up")
	}
	if o.drop() != 1 || !o.next(0) || len(o.sending) != worthBytes || o.drop() != 5 || o.next(0) {
		t.Errorf("%+v", o)
	}
	o.filling = append(o.filling, make([]byte, 30<<10)...)
	if !o.room(10<<10) || o.room(10<<10+1) {
		t.Error("room")
	}
}
