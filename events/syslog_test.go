package events

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/glacis-waf/glacis/internal/certtest"
	"github.com/glacis-waf/glacis/internal/golden"
)

func TestSyslogMessages(t *testing.T) {
	for _, format := range []string{"json", "cef"} {
		s := open(t, "syslog+udp://127.0.0.1:1#facility=auth&format="+format).(*syslogSink)
		s.hostname, s.pid = "node.example", "42"
		var text []byte
		for _, r := range sample(t) {
			message, err := s.message(nil, r)
			if err != nil {
				t.Fatal(err)
			}
			text = append(append(text, message...), '\n')
		}
		golden.Equal(t, "testdata/syslog."+format, string(text))
	}
}

// TestSyslogArrives sends over all three transports to servers that take the
// frames apart.
func TestSyslogArrives(t *testing.T) {
	authority := certtest.New(t)
	cert, key := authority.Issue("sender")
	options := "#ca=" + authority.File + "&cert=" + cert + "&key=" + key
	udp, tcp, tls := listenUDP(t), listenTCP(t, nil), listenTCP(t, authority.Server())
	for address, r := range map[string]*receiver{"syslog+udp://" + udp.address: udp, "syslog+tcp://" + tcp.address: tcp, "syslog+tls://" + tls.address + options: tls} {
		s := open(t, address)
		write(t, s, sample(t))
		eventually(t, address, func() bool { return len(r.messages()) == 4 })
		if r.bad != nil {
			t.Errorf("%s: %v", address, r.bad)
		}
		for i, m := range r.messages() {
			if !strings.HasSuffix(m, string(sample(t)[i].Line)) || !strings.HasPrefix(m, "<13") {
				t.Errorf("%s: %s", address, m)
			}
		}
	}
}

// A server that restarts gets what comes after it, on a new connection.
func TestSyslogConnectsAgain(t *testing.T) {
	r := listenTCP(t, nil)
	s := open(t, "syslog+tcp://"+r.address).(*syslogSink)
	write(t, s, sample(t)[:1])
	eventually(t, "the first", func() bool { return len(r.messages()) == 1 })
	r.hangUp()
	eventually(t, "the end of the connection", func() bool { return s.conn.(*netConn).gone.Load() })
	write(t, s, sample(t)[1:2])
	eventually(t, "the second", func() bool { return len(r.messages()) == 2 })
}

func TestSyslogFailures(t *testing.T) {
	authority := certtest.New(t)
	r := listenTCP(t, authority.Server())
	for name, address := range map[string]string{
		"an unknown authority": "syslog+tls://" + r.address,
		"nobody there":         "syslog+tcp://127.0.0.1:1",
	} {
		if n, err := open(t, address).Write(t.Context(), sample(t)); n != 0 || err == nil || refused(err) != 0 {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	// A server that wants a certificate hangs up after the handshake of TLS 1.3.
	s := open(t, "syslog+tls://"+r.address+"#ca="+authority.File).(*syslogSink)
	eventually(t, "refused without a certificate", func() bool {
		_, err := s.Write(t.Context(), sample(t)[:1])
		time.Sleep(time.Millisecond)
		return err != nil || s.conn.(*netConn).gone.Load()
	})
	if got := r.messages(); len(got) != 0 {
		t.Error(got)
	}
	// Longer than a datagram can be: given up, the next one goes.
	udp := listenUDP(t)
	long := Record{Line: append(append([]byte(`{"x":"`), bytes.Repeat([]byte("x"), 66000)...), `"}`...)}
	if n, err := open(t, "syslog+udp://"+udp.address).Write(t.Context(), []Record{sample(t)[0], long}); n != 1 || refused(err) != 1 {
		t.Error(n, err)
	}
}

func TestSyslogName(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{"": "-", " \n": "-", "é": "-", "a b": "ab", host: host} {
		if got := syslogName(in, 255); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	if got := syslogName("12345", 3); got != "123" {
		t.Error(got)
	}
}
