package kong

import (
	"fmt"
	"sync"
	"sync/atomic"
)

// Client is Kong's handling of one plugin entity: a pool of connections, an
// instance that is started when it is first needed, and again when the plugin
// server does not know it. It is safe for concurrent use.
type Client struct {
	Socket, Plugin string
	// Config is the user's configuration, a JSON object.
	Config string
	// Retries counts lost connections; Kong repeats without bound.
	Retries atomic.Int64

	mu       sync.Mutex
	idle     []*Conn
	instance int32
	started  bool
	seq      int
}

// maxRetries is where Client gives up, unlike Kong: then a test has failed.
const maxRetries = 5

// Access runs the access phase for a request.
func (c *Client) Access(r *Request) (o *Outcome, err error) {
	for range maxRetries {
		var conn *Conn
		if conn, err = c.conn(); err != nil {
			return nil, err
		}
		var id int32
		if id, err = c.start(conn); err == nil {
			o, err = conn.Event(id, "access", r)
		}
		if err == nil {
			if !o.Exit {
				c.put(conn)
			}
			return o, nil
		}
		conn.Close()
		c.Retries.Add(1)
		c.forget()
	}
	return o, fmt.Errorf("after %d tries: %w", maxRetries, err)
}

// Reconfigure replaces the configuration; the next request starts the new
// instance and closes the old one.
func (c *Client) Reconfigure(config string) error {
	c.mu.Lock()
	old, had := c.instance, c.started
	c.Config, c.started = config, false
	c.mu.Unlock()
	conn, err := c.conn()
	if err != nil {
		return err
	}
	defer c.put(conn)
	if _, err := c.start(conn); err != nil || !had {
		return err
	}
	_, err = conn.CloseInstance(old)
	return err
}

// Close closes the idle connections.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.idle {
		conn.Close()
	}
	c.idle = nil
}

func (c *Client) start(conn *Conn) (int32, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started {
		return c.instance, nil
	}
	c.seq++
	id, err := conn.Start(c.Plugin, WithKeys(c.Config, c.seq))
	c.instance, c.started = id, err == nil
	return id, err
}

func (c *Client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = false
	for _, conn := range c.idle {
		conn.Close()
	}
	c.idle = nil
}

func (c *Client) conn() (*Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		conn := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return conn, nil
	}
	return Dial(c.Socket)
}

func (c *Client) put(conn *Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.idle = append(c.idle, conn)
}

// WithKeys adds to a configuration what Kong adds.
func WithKeys(config string, seq int) string {
	const id = "00000000-0000-4000-8000-000000000001"
	keys := fmt.Sprintf(`{"__seq__":%d,"__plugin_id":%q,"__ws_id":"0dc6f45b","__key__":"plugins:glacis:%s::::","route_id":"b49744cb"`, seq, id, id)
	if len(config) > 2 {
		keys += ","
	}
	return keys + config[1:]
}
