package store

import (
	"bytes"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/glacis-waf/glacis/core/profile"
)

// ports returns free ports of the loopback.
func ports(t *testing.T, n int) (out []int) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			out = append(out, a.Port)
		}
	}
	return out
}

// cluster starts three NATS servers and returns them with the URL of all.
func cluster(t *testing.T) (nodes []*server.Server, address string) {
	t.Helper()
	routes, clients := ports(t, 3), ports(t, 3)
	var peers []*url.URL
	var urls []string
	for i := range 3 {
		peers = append(peers, &url.URL{Scheme: "nats-route", Host: fmt.Sprintf("127.0.0.1:%d", routes[i])})
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", clients[i]))
	}
	for i := range 3 {
		s, err := server.NewServer(&server.Options{ServerName: fmt.Sprintf("n%d", i), Host: "127.0.0.1", Port: clients[i], JetStream: true, StoreDir: t.TempDir(),
			SyncAlways: true, NoSigs: true, NoLog: true, JetStreamMaxStore: 1 << 40, JetStreamMaxMemory: 1 << 30,
			Cluster: server.ClusterOpts{Name: "glacis", Host: "127.0.0.1", Port: routes[i]}, Routes: peers})
		if err != nil {
			t.Fatal(err)
		}
		s.Start()
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
		})
		nodes = append(nodes, s)
	}
	for _, s := range nodes {
		if !s.ReadyForConnections(time.Minute) {
			t.Fatal("the cluster does not start")
		}
	}
	eventually(t, "the cluster has a leader", func() bool {
		for _, s := range nodes {
			if s.JetStreamIsLeader() {
				return true
			}
		}
		return false
	})
	return nodes, strings.Join(urls, ",")
}

// shares checks that each of several members applies at most half of what one
// alone has to: that is what sharing the work is for. Processor time cannot be
// told apart here, as all of them are one process.
func shares(t *testing.T, alone *Store, members []*Store) {
	t.Helper()
	work := func(s *Store) (n uint64) {
		for _, p := range s.owned() {
			n += p.learner.Counts().Records
		}
		return n
	}
	all, sum := work(alone), uint64(0)
	for i, s := range members {
		n := work(s)
		t.Logf("member %d applied %d of %d observations", i, n, all)
		if sum += n; 2*n > all {
			t.Errorf("member %d applies %d observations, more than half of %d", i, n, all)
		}
	}
	if all == 0 || sum != all {
		t.Errorf("together %d, alone %d", sum, all)
	}
}

// Three sidecars on a cluster of three lose a sidecar and a server in the middle
// and come to the snapshot of one sidecar that lost nothing.
func TestCluster(t *testing.T) {
	if testing.Short() {
		t.Skip("a cluster of three servers takes some seconds")
	}
	nodes, address := cluster(t)
	c := newClock()
	alone := settings(t.TempDir(), c)
	alone.Learn.Salt, alone.Pulse = 7, 100*time.Millisecond
	var members []*Store
	for i := range 3 {
		cfg := alone
		cfg.Dir, cfg.URL, cfg.Name = "", address, fmt.Sprintf("member-%d", i)
		members = append(members, open(t, cfg))
	}
	want := open(t, alone)
	defer want.Close()
	eventually(t, "the work is shared", func() bool {
		n := 0
		for _, s := range members {
			if len(s.owned()) == 0 {
				return false
			}
			n += len(s.owned())
		}
		return n == want.cfg.Partitions
	})
	both := func(round, from, to int) {
		t.Helper()
		for n := from; n < to; n++ {
			data := makeBatch(100*round+n, 60, 12)
			publish(t, want, data)
			s := members[n%len(members)]
			eventually(t, "a batch is stored", func() bool {
				_, err := s.Publish(t.Context(), data) // again and again, until it is
				return err == nil
			})
		}
	}
	both(0, 0, 12)
	applied(t, members...)
	applied(t, want)
	shares(t, want, members)
	closeAll := func() {
		t.Helper()
		applied(t, members...)
		closeWindow(t, c, want)
		next := want.cfg.Now().Unix() / int64(window.Seconds())
		eventually(t, "windows closed", func() bool {
			n := 0
			for _, s := range members {
				for _, p := range s.owned() {
					if p.window.Load() >= next {
						n++
					}
				}
			}
			return n == want.cfg.Partitions
		})
		applied(t, members...)
	}
	closeAll()
	both(1, 0, 6)
	// A sidecar goes without a word: its connection is cut.
	lost := members[2]
	lost.nc.Close()
	members = members[:2]
	both(1, 6, 12)
	for i, s := range nodes { // and a server, the one that leads
		if s.JetStreamIsLeader() {
			s.Shutdown()
			s.WaitForShutdown()
			t.Logf("server %d is down", i)
			break
		}
	}
	both(1, 12, 18)
	closeAll()
	both(2, 0, 12)
	closeAll()
	data := settled(t, want)
	eventually(t, "the same snapshot everywhere", func() bool {
		for _, s := range members {
			if other, _, _ := s.Snapshot(); !bytes.Equal(data, other) {
				return false
			}
		}
		return true
	})
	p, err := profile.Load(data)
	if err != nil || p.Params() != 12 {
		t.Error(p.Params(), err)
	}
	lost.cancel()
	for _, s := range members {
		s.Close()
	}
}
