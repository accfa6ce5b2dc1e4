package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/glacis-waf/glacis/conformance/kong"
)

// setup is what is taken from Kong's files.
type setup struct {
	kong.Setup
	// start is the plugin server's command line, listen where clients come.
	start, listen string
}

// readSetup reads kong.conf and the declarative configuration that it names.
func readSetup(path string) (*setup, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	conf, err := parseConf(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &setup{listen: conf["proxy_listen"]}
	s.Name = conf["pluginserver_names"]
	s.Socket, s.start = conf["pluginserver_"+s.Name+"_socket"], conf["pluginserver_"+s.Name+"_start_cmd"]
	if s.Name == "" || s.Socket == "" || s.start == "" || s.listen == "" {
		return nil, fmt.Errorf("%s: proxy_listen, pluginserver_names, and for its one name a socket and a start_cmd are required here", path)
	}
	if !slices.Contains(strings.Split(strings.ReplaceAll(conf["plugins"], " ", ""), ","), s.Name) {
		return nil, fmt.Errorf("%s: plugins does not name %s", path, s.Name)
	}
	if conf["database"] != "off" {
		return nil, fmt.Errorf("%s: only database = off", path)
	}
	if text, err = os.ReadFile(conf["declarative_config"]); err != nil {
		return nil, fmt.Errorf("%s: declarative_config: %w", path, err)
	}
	if err := s.declare(text); err != nil {
		return nil, fmt.Errorf("%s: %w", conf["declarative_config"], err)
	}
	return s, nil
}

// parseConf reads lines "key = value"; # begins a comment.
func parseConf(text []byte) (map[string]string, error) {
	conf := map[string]string{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d: no = in it", n)
		}
		conf[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return conf, lines.Err()
}

// declare takes upstream and plugin from a declarative configuration.
func (s *setup) declare(text []byte) error {
	var d struct {
		Services []struct{ URL string }
		Plugins  []struct {
			Name   string
			Config map[string]any
		}
	}
	if err := yaml.Unmarshal(text, &d); err != nil {
		return err
	}
	if len(d.Services) != 1 || len(d.Plugins) != 1 || d.Plugins[0].Name != s.Name {
		return errors.New("want one service, and the plugin " + s.Name + " for everything")
	}
	u, err := url.Parse(d.Services[0].URL)
	if err != nil || u.Scheme != "http" || u.Port() == "" {
		return fmt.Errorf("services[0].url %q: want http://host:port", d.Services[0].URL)
	}
	s.Backend = u.Host
	config, err := json.Marshal(d.Plugins[0].Config)
	if err != nil {
		return err
	}
	s.Config = string(config)
	return nil
}
