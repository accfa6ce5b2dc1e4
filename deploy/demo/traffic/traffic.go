// Package traffic is what the demo plays: what honest visitors of the shop do,
// and attacks on it, all written for this demo. Both are data (benign.json,
// attacks.json), one request a line.
package traffic

import (
	"bytes"
	_ "embed" // for the data
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"strings"
)

//go:embed benign.json
var benign []byte

//go:embed attacks.json
var attacks []byte

// Request is one request of the demo.
type Request struct {
	// Name says what it is, for people.
	Name string `json:"name"`
	// Family is that of an attack as the engine calls it, "" for honest ones.
	Family string `json:"family"`
	Method string `json:"method"`
	// Target is path and query as they go over the wire. @INTERNAL@ stands for
	// host and port of the internal service, @INTERNALPORT@ for the port.
	Target string `json:"target"`
	// Type is the Content-Type of Body.
	Type    string            `json:"type"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	// Parts make a multipart body instead.
	Parts []Part `json:"parts"`
	// Then is fetched afterwards, to see what a stored attack does.
	Then string `json:"then"`
	// Leak is text in the answer that proves an attack's success; attacks
	// without one are attempts that this shop happens to withstand.
	Leak string `json:"leak"`
}

// Part is one part of a multipart body. With a Size it is that many bytes of a
// made-up JPEG picture.
type Part struct {
	Name     string `json:"name"`
	Filename string `json:"filename"`
	Type     string `json:"type"`
	Body     string `json:"body"`
	Size     int    `json:"size"`
}

// Benign returns what honest visitors do, in an order that works.
func Benign() ([]Request, error) { return parse("benign", benign) }

// Attacks returns the attacks.
func Attacks() ([]Request, error) { return parse("attacks", attacks) }

func parse(name string, data []byte) ([]Request, error) {
	var out []Request
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("traffic %s: %w", name, err)
	}
	return out, nil
}

// browser is what a browser sends with everything.
var browser = map[string]string{
	"User-Agent":      "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
	"Accept":          "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
	"Accept-Language": "en-GB,en;q=0.7,de;q=0.3",
	"Cookie":          "theme=dark; consent=eyJhbmFseXRpY3MiOmZhbHNlfQ; sid=3f0c9a6e1b7d4258",
}

// Build makes the request for the shop or the proxy at base ("host:port"),
// with the internal service at internal.
func (r Request) Build(base, internal string) (*http.Request, error) {
	body, contentType, err := r.body()
	if err != nil {
		return nil, fmt.Errorf("build %q: %w", r.Name, err)
	}
	req, err := http.NewRequest(r.Method, "http://"+base+"/", body)
	if err != nil {
		return nil, fmt.Errorf("build %q: %w", r.Name, err)
	}
	_, port, _ := net.SplitHostPort(internal)
	target := strings.ReplaceAll(strings.ReplaceAll(r.Target, "@INTERNALPORT@", port), "@INTERNAL@", internal)
	req.URL.Opaque = target // byte for byte
	if path, query, ok := strings.Cut(target, "?"); ok {
		req.URL.Opaque, req.URL.RawQuery = path, query
	}
	for name, value := range browser {
		req.Header.Set(name, value)
	}
	for name, value := range r.Headers {
		req.Header.Set(name, value)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return req, nil
}

func (r Request) body() (io.Reader, string, error) {
	if len(r.Parts) == 0 {
		if r.Body == "" {
			return http.NoBody, r.Type, nil
		}
		return strings.NewReader(r.Body), r.Type, nil
	}
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for _, p := range r.Parts {
		h := textproto.MIMEHeader{}
		disposition := fmt.Sprintf(`form-data; name="%s"`, p.Name)
		if p.Filename != "" {
			disposition += fmt.Sprintf(`; filename="%s"`, p.Filename)
		}
		h.Set("Content-Disposition", disposition)
		if p.Type != "" {
			h.Set("Content-Type", p.Type)
		}
		part, err := w.CreatePart(h)
		if err != nil {
			return nil, "", err
		}
		content := []byte(p.Body)
		if p.Size > 0 {
			content = picture(p.Size)
		}
		if _, err := part.Write(content); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return &out, w.FormDataContentType(), nil
}

// picture makes bytes that look like a JPEG file, the same for the same size.
func picture(size int) []byte {
	random := rand.NewChaCha8([32]byte{byte(size), byte(size >> 8), byte(size >> 16)})
	b := make([]byte, size)
	_, _ = random.Read(b) // never fails
	copy(b, "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01")
	return b
}
