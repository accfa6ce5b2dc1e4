package gateway

import (
	"errors"
	"strconv"
	"strings"
)

// settingsKeys are the keys of Settings, as ParseSettings knows them.
const settingsKeys = "mode confidence failMode maxBodyBytes requestIdHeader log"

// ParseSettings reads Settings from a JSON object (RFC 8259), for hosts without
// a configuration reader of their own. No text, or blanks only, is the empty
// object. extra names further keys that the wrapper knows: their values come
// back under that name, strings without quotes, anything else (numbers, true,
// objects, arrays) as it is written; null is as if the key were not there.
//
// Keys may be written in camelCase or snake_case, and the numbers and booleans
// of a setting as strings, as gateways with nothing but strings do. An unknown
// key, a key given twice, and anything after the object is an error. Errors
// begin with line and column, "2:5: ", and name the key. The Settings come back
// with their defaults, and checked.
func ParseSettings(data []byte, extra ...string) (Settings, map[string]string, error) {
	var s Settings
	r := &reader{data: data}
	more := map[string]string{}
	keys := append(strings.Split(settingsKeys, " "), extra...)
	err := r.object(func(at int, key, value string, kind byte) error {
		name := known(keys, key)
		if name == "" {
			return r.fail(at, "unknown key "+strconv.Quote(key)+Suggest(key, keys))
		}
		if _, twice := more[name]; twice {
			return r.fail(at, name+": given twice")
		}
		more[name] = value
		if kind == 'n' {
			more[name] = ""
		}
		if len(more[name]) == 0 || !strings.Contains(" "+settingsKeys+" ", " "+name+" ") {
			return nil
		}
		if problem := s.set(name, value, kind); problem != "" {
			return r.fail(at, name+": "+problem)
		}
		return nil
	})
	if err != nil {
		return Settings{}, nil, err
	}
	own := strings.Split(settingsKeys, " ")
	for i := 0; i < len(own); i++ {
		delete(more, own[i])
	}
	s = s.WithDefaults()
	if err := s.Check(); err != nil {
		return Settings{}, nil, err
	}
	return s, more, nil
}

// set sets a field by its key and says what is wrong with the value, if so.
func (s *Settings) set(name, value string, kind byte) string {
	if name == "maxBodyBytes" {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return strconv.Quote(clip(value)) + ": want a whole number of bytes"
		}
		s.MaxBodyBytes = n
		return ""
	}
	if kind != '"' {
		return clip(value) + ": want a string"
	}
	if name == "mode" {
		s.Mode = value
	} else if name == "confidence" {
		s.Confidence = value
	} else if name == "failMode" {
		s.FailMode = value
	} else if name == "requestIdHeader" {
		s.RequestIDHeader = value
	} else if name == "log" {
		s.Log = value
	}
	return ""
}

// ParseBool reads a boolean of a configuration: true, false, or the same in a
// string; "" is false.
func ParseBool(value string) (bool, error) {
	if value == "true" {
		return true, nil
	}
	if value == "false" || value == "" {
		return false, nil
	}
	return false, errors.New(strconv.Quote(clip(value)) + ": want true or false")
}

// known returns the key that is meant: case, '_' and '-' do not count.
func known(keys []string, key string) string {
	want := plainKey(key)
	for i := 0; i < len(keys); i++ {
		if plainKey(keys[i]) == want {
			return keys[i]
		}
	}
	return ""
}

func plainKey(key string) string {
	return strings.Replace(strings.Replace(strings.ToLower(key), "_", "", -1), "-", "", -1)
}

// clip keeps an error short.
func clip(value string) string {
	if len(value) > 40 {
		return value[:40] + "…"
	}
	return value
}
