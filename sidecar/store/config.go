package store

import (
	"errors"
	"log/slog"
	"os"
	"strconv"
	"time"

	"github.com/glacis-waf/glacis/core/profile"
	"github.com/glacis-waf/glacis/sidecar/learn"
)

// Config configures a Store. Dir or URL is required.
type Config struct {
	// Dir is where the server within the process keeps its files. One process
	// uses it at a time.
	Dir string
	// URL is that of an external NATS cluster with JetStream, or several,
	// separated by commas; Dir then takes only what was set aside.
	URL string
	// Credentials (a .creds file), CA, Cert and Key (PEM files) are for it.
	Credentials, CA, Cert, Key string
	// Replicas is how many servers of the cluster keep each message; default 1
	// within the process and 3 outside.
	Replicas int
	// Learn configures learning; all members must have the same. Its Salt counts
	// for a new store only; 0 is a random one. MaxAssets is that of all partitions together.
	Learn learn.Config
	// Partitions is how many parts the work has at most; default 8. It cannot be
	// changed later.
	Partitions int
	// StreamBytes bounds the observations that wait to be part of a saved
	// state; beyond it no more are taken. Default 1 GiB.
	StreamBytes int64
	// Admit is asked before an observation is stored, and may take parameters and
	// indicators out of it; false leaves it out. nil admits all. It is called from
	// several goroutines.
	Admit func(*profile.Observation) bool
	// MinFree is how much of Dir's disk stays free, in bytes; a server that fills
	// its disk gives up. Default 32 MiB.
	MinFree int64
	// Name tells members apart; default is the host's name and the process id.
	Name string
	// Now is the clock; default time.Now.
	Now func() time.Time
	// Pulse is how often clock, members and disk are looked at; default 1 s.
	// A member that has not been heard of for ten pulses is gone.
	Pulse time.Duration
	// Log is default slog.Default().
	Log *slog.Logger
}

// maxAssets is the default number of assets of all partitions together.
const maxAssets = 512

func (c Config) withDefaults() (Config, error) {
	if c.Dir == "" && c.URL == "" {
		return c, errors.New("store: a directory or the URL of a cluster is required")
	}
	if c.Replicas == 0 {
		if c.Replicas = 1; c.URL != "" {
			c.Replicas = 3
		}
	}
	if c.Partitions == 0 {
		c.Partitions = 8
	}
	if c.StreamBytes == 0 {
		c.StreamBytes = 1 << 30
	}
	if c.MinFree == 0 {
		c.MinFree = 32 << 20
	}
	if c.Learn.MaxAssets == 0 {
		c.Learn.MaxAssets = maxAssets
	}
	if c.Name == "" {
		host, err := os.Hostname()
		if err != nil {
			host = "sidecar"
		}
		c.Name = host + "-" + strconv.Itoa(os.Getpid())
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Pulse == 0 {
		c.Pulse = time.Second
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	switch {
	case c.Replicas < 1 || c.Replicas > 5 || c.Replicas > 1 && c.URL == "":
		return c, errors.New("store: replicas: want 1 to 5, and 1 within the process")
	case c.Partitions < 1 || c.Partitions > 256:
		return c, errors.New("store: partitions: want 1 to 256")
	case c.StreamBytes < 1<<20:
		return c, errors.New("store: stream bytes: want at least 1 MiB")
	}
	_, err := learn.New(c.Learn)
	return c, err
}
