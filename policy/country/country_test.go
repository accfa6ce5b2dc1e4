package country

import (
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/policy/country/countrytest"
)

var world = map[string]string{"192.0.2.0/24": "DE", "198.51.100.0/25": "CN", "203.0.113.7/32": "US", "2001:db8:1::/48": "FR"}

func TestCountry(t *testing.T) {
	d, err := Open(countrytest.File(t, world))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{"192.0.2.77": "DE", "198.51.100.1": "CN", "198.51.100.200": Unknown, "203.0.113.7": "US", "203.0.113.8": Unknown,
		"2001:db8:1::5": "FR", "2001:db8:2::5": Unknown, "::ffff:192.0.2.1": "DE", "10.1.2.3": "", "127.0.0.1": "", "fe80::1": "", "fd00::1": "", "224.0.0.1": ""} {
		if got := d.Country(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	if got := d.Country(netip.Addr{}); got != "" {
		t.Errorf("no address: %q", got)
	}
}

// TestReplaced: a new file is taken, a bad one is not, and says so once.
func TestReplaced(t *testing.T) {
	path := countrytest.File(t, world)
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Now()
	put := func(data []byte) (bool, error) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		at = at.Add(time.Hour)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		return d.Check()
	}
	address := netip.MustParseAddr("192.0.2.1")
	good := countrytest.Database(map[string]string{"192.0.2.0/24": "AT"})
	if changed, err := put(good); !changed || err != nil || d.Country(address) != "AT" {
		t.Error(changed, err, d.Country(address))
	}
	if changed, err := d.Check(); changed || err != nil {
		t.Error("the same again", changed, err)
	}
	for _, bad := range [][]byte{nil, []byte("no database"), good[:len(good)/2], good[20:], countrytest.Database(nil)} {
		if changed, err := put(bad); !changed || err == nil || d.Country(address) != "AT" {
			t.Errorf("%d bytes: %v %v %s", len(bad), changed, err, d.Country(address))
		}
		if changed, err := d.Check(); changed || err != nil {
			t.Error("said twice", err)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Check(); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open("testdata/nothing"); err == nil || !strings.HasPrefix(err.Error(), "read database of countries: ") {
		t.Error(err)
	}
}
