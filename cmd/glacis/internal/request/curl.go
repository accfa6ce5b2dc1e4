package request

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/glacis-waf/glacis/core"
)

// decodeCurl decodes a line of commands into the requests that its curl
// commands would send: one a URL, and again after --next. Other commands of
// the line are ignored. Nothing is read, expanded or run: a file named by @
// stays its name, variables, substitutions and URL globs stay as written, and
// a path with dot segments is kept as with --path-as-is.
func decodeCurl(data []byte, dst []Request) ([]Request, error) {
	start, found := len(dst), false
	for line := string(data); line != ""; {
		words, rest, err := shellWords(line)
		line = rest
		if len(words) > 0 && words[0] == "$" { // a copied prompt
			words = words[1:]
		}
		if len(words) == 0 || words[0] != "curl" && words[0] != "curl.exe" {
			continue
		}
		found = true
		if err == nil {
			dst, err = appendCurl(dst, words[1:])
		}
		if err != nil {
			return dst[:start], fmt.Errorf("curl: %w", err)
		}
	}
	if !found {
		return dst, errors.New("not a curl command")
	}
	return dst, nil
}

// appendCurl appends the requests of one command, given its arguments.
func appendCurl(dst []Request, words []string) ([]Request, error) {
	for {
		c := curlCommand{}
		rest, err := c.parse(words)
		if err != nil {
			return dst, err
		}
		if len(c.urls) == 0 {
			return dst, errors.New("no URL")
		}
		for _, u := range c.urls {
			dst = append(dst, c.request(u))
		}
		if rest == nil {
			return dst, nil
		}
		words = rest
	}
}

// curlCommand collects the options of one command up to --next.
type curlCommand struct {
	method, user, agent, referer, bearer, byteRange, target string
	headers                                                 []core.Header
	removed                                                 []string
	cookies, query, urls                                    []string
	data                                                    []string
	form                                                    []part
	hasData, json, get, head, upload, compressed            bool
}

// parse reads the words of a command. rest is what follows --next, else nil.
func (c *curlCommand) parse(words []string) (rest []string, err error) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "--next" || word == "-:":
			return words[i+1:], nil
		case word == "--":
			c.urls = append(c.urls, words[i+1:]...)
			return nil, nil
		case strings.HasPrefix(word, "--"):
			name, value, joined := strings.Cut(word[2:], "=")
			if !curlTakesValue(name) {
				c.flag(name)
				continue
			}
			if !joined {
				if i++; i == len(words) {
					return nil, fmt.Errorf("--%s needs a value", name)
				}
				value = words[i]
			}
			c.option(name, value)
		case strings.HasPrefix(word, "-") && len(word) > 1:
			for k := 1; k < len(word); k++ {
				name := curlShort[word[k]]
				if !curlTakesValue(name) {
					c.flag(name)
					continue
				}
				value := word[k+1:]
				if value == "" {
					if i++; i == len(words) {
						return nil, fmt.Errorf("-%c needs a value", word[k])
					}
					value = words[i]
				}
				c.option(name, value)
				break
			}
		default:
			c.urls = append(c.urls, word)
		}
	}
	return nil, nil
}

// flag handles an option without value. Those that do not shape the request
// are ignored.
func (c *curlCommand) flag(name string) {
	switch name {
	case "get":
		c.get = true
	case "head":
		c.head = true
	case "compressed":
		c.compressed = true
	}
}

// option handles an option with a value.
func (c *curlCommand) option(name, value string) {
	switch name {
	case "request":
		c.method = value
	case "url":
		c.urls = append(c.urls, value)
	case "header", "proxy-header":
		c.addHeader(name, value)
	case "user":
		c.user = value
	case "user-agent":
		c.agent = value
		if value == "" {
			c.removed = append(c.removed, "User-Agent")
		}
	case "referer":
		c.referer = strings.TrimSuffix(value, ";auto")
	case "oauth2-bearer":
		c.bearer = value
	case "range":
		c.byteRange = value
	case "cookie":
		if strings.Contains(value, "=") { // else it names a file
			c.cookies = append(c.cookies, value)
		}
	case "upload-file":
		c.upload = true
	case "request-target":
		c.target = value
	case "url-query":
		if strings.HasPrefix(value, "+") {
			c.query = append(c.query, value[1:])
		} else {
			c.query = append(c.query, urlencodeData(value))
		}
	case "data", "data-ascii":
		// curl strips line ends only from files, which are not read here.
		c.addData(value)
	case "data-raw", "data-binary":
		c.addData(value)
	case "data-urlencode":
		c.addData(urlencodeData(value))
	case "json":
		c.json = true
		c.hasData = true
		c.data = append(c.data, value)
	case "form", "form-string":
		c.form = append(c.form, formPart(value, name == "form-string"))
	}
}

func (c *curlCommand) addData(value string) {
	if len(c.data) > 0 && !c.json {
		value = "&" + value
	}
	c.hasData = true
	c.data = append(c.data, value)
}

// addHeader handles -H: "Name: value", "Name;" for an empty value and "Name:"
// to remove one of curl's own. A header file (@) is not read.
func (c *curlCommand) addHeader(option, value string) {
	if option == "proxy-header" || strings.HasPrefix(value, "@") {
		return
	}
	name, text, ok := strings.Cut(value, ":")
	if !ok {
		name = strings.TrimSuffix(value, ";")
	}
	text = strings.TrimSpace(text)
	c.removed = append(c.removed, name)
	if text != "" || !ok {
		c.headers = append(c.headers, core.Header{Name: name, Value: text})
	}
}

// urlencodeData does what --data-urlencode does to its value, but for files,
// which stay their name.
func urlencodeData(value string) string {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	i := strings.IndexAny(value, "=@")
	switch {
	case i < 0:
		return escape(value)
	case i == 0:
		return escape(value[1:])
	}
	return value[:i+1] + escape(value[i+1:])
}

// formPart reads the value of -F: name=content;type=…;filename=…, where the
// content @file or <file stays its name.
func formPart(value string, literal bool) part {
	name, content, _ := strings.Cut(value, "=")
	p := part{name: name, value: content}
	if literal {
		return p
	}
	for {
		i := strings.LastIndexByte(p.value, ';')
		if i < 0 {
			break
		}
		key, text, ok := strings.Cut(strings.TrimSpace(p.value[i+1:]), "=")
		if !ok || key != "type" && key != "filename" && key != "headers" && key != "encoder" {
			break
		}
		switch key {
		case "type":
			p.contentType = text
		case "filename":
			p.fileName = strings.Trim(text, `"`)
		}
		p.value = p.value[:i]
	}
	if strings.HasPrefix(p.value, "@") {
		if p.fileName == "" {
			p.fileName = p.value[strings.LastIndexByte(p.value, '/')+1:]
			p.fileName = strings.TrimPrefix(p.fileName, "@")
		}
		if p.contentType == "" {
			p.contentType = "application/octet-stream"
		}
		p.value = ""
	}
	return p
}

func basicAuth(user string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user))
}
