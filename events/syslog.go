package events

import (
	"context"
	"os"
	"strconv"
	"strings"
	"time"
)

// syslogSink writes messages of RFC 5424 over UDP (RFC 5426), TCP (RFC 6587,
// section 3.4.1: octet counting) or TLS (RFC 5425). There are no
// acknowledgements in syslog: what a connection had taken in when it broke is
// lost without anybody knowing.
type syslogSink struct {
	conn     syslogConn
	facility int
	format   Format
	hostname string
	pid      string
	buf      []byte
	framed   []byte
}

// newSyslog returns a sink for one connection.
func newSyslog(conn syslogConn, facility int, f Format) *syslogSink {
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	return &syslogSink{conn: conn, facility: facility, format: f, hostname: syslogName(host, 255), pid: strconv.Itoa(os.Getpid())}
}

// syslogName is a name of printable ASCII without spaces, "-" for none.
func syslogName(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	if s == "" {
		return "-"
	}
	return s[:min(len(s), most)]
}

// Write implements Sink.
func (s *syslogSink) Write(ctx context.Context, batch []Record) (int, error) {
	for i, r := range batch {
		message, err := s.message(s.buf[:0], r)
		if err != nil {
			return i, Permanent(err, 1)
		}
		s.buf = message
		if s.conn.datagrams() {
			s.framed = append(s.framed[:0], message...)
		} else {
			s.framed = append(strconv.AppendInt(s.framed[:0], int64(len(message)), 10), ' ')
			s.framed = append(s.framed, message...)
		}
		if err := s.conn.send(ctx, s.framed); err != nil {
			return i, err
		}
	}
	return len(batch), nil
}

// message appends one message. There are no structured data: they need a
// registered enterprise number, and the event has it all in its own form.
func (s *syslogSink) message(dst []byte, r Record) ([]byte, error) {
	m, err := r.Members()
	if err != nil {
		return dst, err
	}
	at := m.Time()
	if at.IsZero() {
		at = time.Now()
	}
	dst = append(dst, '<')
	dst = strconv.AppendInt(dst, int64(s.facility*8+severityOf(m).syslog), 10)
	dst = append(dst, ">1 "...)
	dst = at.UTC().AppendFormat(dst, TimeFormat)
	dst = append(dst, ' ')
	dst = append(dst, s.hostname...)
	dst = append(dst, " glacis "...)
	dst = append(dst, s.pid...)
	dst = append(dst, ' ')
	dst = append(dst, syslogName(m.Text("event.action"), 32)...)
	dst = append(dst, " - "...)
	return s.format.Append(dst, r)
}

// Close implements Sink.
func (s *syslogSink) Close() error { return s.conn.close() }

// facilities are the names of RFC 5424, section 6.2.1, as syslog.conf has them.
var facilities = strings.Fields("kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock local0 local1 local2 local3 local4 local5 local6 local7")
