package events

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/glacis-waf/glacis/gateway"
)

// options are what stands behind "#" in a sink's address. The first error is
// kept; after it every method returns its default.
type options struct {
	values url.Values
	asked  []string
	err    error
}

func newOptions(fragment string) (*options, error) {
	values, err := url.ParseQuery(fragment)
	if err != nil {
		return nil, errors.New("options: want key=value&key=value")
	}
	for key, list := range values {
		if len(list) > 1 {
			return nil, fmt.Errorf("option %s is given twice", key)
		}
	}
	return &options{values: values}, nil
}

func (o *options) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// text returns an option, "" if it is not there.
func (o *options) text(key string) string {
	o.asked = append(o.asked, key)
	return o.values.Get(key)
}

func (o *options) number(key string, otherwise int) int {
	text := o.text(key)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		o.fail(fmt.Errorf("%s: want a number", key))
		return otherwise
	}
	return n
}

func (o *options) duration(key string, otherwise time.Duration) time.Duration {
	text := o.text(key)
	if text == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		o.fail(fmt.Errorf("%s: want a time like 24h or 500ms", key))
		return otherwise
	}
	return d
}

// size reads bytes: "100MiB", "64KiB", "1GiB" or a number.
func (o *options) size(key string, otherwise int64) int64 {
	text := o.text(key)
	if text == "" {
		return otherwise
	}
	digits, shift := text, 0
	for unit, s := range map[string]int{"KiB": 10, "MiB": 20, "GiB": 30} {
		if d, ok := strings.CutSuffix(text, unit); ok {
			digits, shift = d, s
		}
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || n < 0 {
		o.fail(fmt.Errorf("%s: want bytes like 100MiB", key))
		return otherwise
	}
	return n << shift
}

// oneOf returns the place of a word in a list.
func (o *options) oneOf(key, otherwise string, words []string) int {
	text := o.text(key)
	if text == "" {
		text = otherwise
	}
	i := slices.Index(words, text)
	if i < 0 {
		o.fail(fmt.Errorf("%s: %q is none of %s%s", key, text, strings.Join(words, ", "), gateway.Suggest(text, words)))
	}
	return i
}

func (o *options) format(env Environment) Format {
	names := slices.Sorted(maps.Keys(formats))
	i := o.oneOf("format", "json", names)
	if i < 0 {
		return jsonFormat{}
	}
	return formats[names[i]](env)
}

// secret reads a file with a secret of so many characters at least; nil without
// the option.
func (o *options) secret(key string, least int) []byte {
	path := o.text(key)
	if path == "" {
		return nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		o.fail(fmt.Errorf("%s: %w", key, err))
		return nil
	}
	if data = bytes.TrimSpace(data); len(data) < least {
		o.fail(fmt.Errorf("%s: %s: shorter than %d characters", key, path, least))
	}
	return data
}

// tls makes the configuration of ca, cert and key.
func (o *options) tls() *tls.Config {
	ca, cert, key := o.text("ca"), o.text("cert"), o.text("key")
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			o.fail(fmt.Errorf("ca: %w", err))
		}
		c.RootCAs = x509.NewCertPool()
		if !c.RootCAs.AppendCertsFromPEM(pem) && err == nil {
			o.fail(fmt.Errorf("ca: %s: no certificate in it", ca))
		}
	}
	if (cert == "") != (key == "") {
		o.fail(errors.New("cert and key belong together"))
	} else if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			o.fail(fmt.Errorf("cert: %w", err))
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c
}

// done returns the first error, or one for an option that nobody asked for.
func (o *options) done() error {
	if o.err != nil {
		return o.err
	}
	for key := range o.values {
		if !slices.Contains(o.asked, key) {
			slices.Sort(o.asked)
			return fmt.Errorf("no option %q, there are %s%s", key, strings.Join(o.asked, ", "), gateway.Suggest(key, o.asked))
		}
	}
	return nil
}
