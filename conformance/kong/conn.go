package kong

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// errDropped is the error of a connection that was dropped on demand.
var errDropped = errors.New("dropped as the request said")

// Conn is one of Kong's connections to a plugin server. One goroutine uses it
// at a time. After an error and after an exit it is closed, as Kong's is.
type Conn struct {
	net.Conn
	r        *bufio.Reader
	sequence uint64
	// Timeout bounds every read; Kong's is a minute.
	Timeout time.Duration
}

// Dial connects to a plugin server's socket.
func Dial(socket string) (*Conn, error) {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	return &Conn{Conn: c, r: bufio.NewReader(c), Timeout: time.Minute}, nil
}

// The commands by their field in RpcCall.
const (
	cmdStart  = 33
	cmdStatus = 34
	cmdClose  = 35
	cmdEvent  = 36
)

// Start starts an instance with a configuration as Kong sends it, and returns
// its id.
func (c *Conn) Start(plugin, config string) (int32, error) {
	if err := c.send(cmdStart, textField(textField(nil, 2, config), 1, plugin)); err != nil {
		return 0, err
	}
	return c.status()
}

// Status asks for an instance.
func (c *Conn) Status(instance int32) (int32, error) { return c.aboutInstance(cmdStatus, instance) }

// CloseInstance ends an instance.
func (c *Conn) CloseInstance(instance int32) (int32, error) {
	return c.aboutInstance(cmdClose, instance)
}

func (c *Conn) aboutInstance(command int, instance int32) (int32, error) {
	if err := c.send(command, intField(nil, 1, uint64(uint32(instance)))); err != nil {
		return 0, err
	}
	return c.status()
}

// Event runs a phase of a request.
func (c *Conn) Event(instance int32, phase string, r *Request) (*Outcome, error) {
	if err := c.send(cmdEvent, intField(textField(nil, 2, phase), 1, uint64(uint32(instance)))); err != nil {
		return nil, err
	}
	o := &Outcome{}
	for n := 2; ; n += 2 {
		method, err := c.frame()
		if err != nil {
			return o, err
		}
		if len(method) == 0 {
			_, err := c.result()
			return o, err
		}
		arg, err := c.frame()
		if err != nil {
			return o, err
		}
		o.Calls = append(o.Calls, string(method))
		if r.DropAfter > 0 && n >= r.DropAfter {
			c.Close()
			return o, errDropped
		}
		if len(o.Calls) == 1 {
			time.Sleep(r.Delay)
		}
		if string(method) == "kong.request.get_raw_body" {
			time.Sleep(r.BodyDelay)
		}
		if string(method) == "kong.response.exit" {
			err := o.exit(arg)
			c.Close()
			return o, err
		}
		reply, err := r.call(string(method), arg, o)
		if err != nil {
			c.Close()
			return o, err
		}
		if _, err := c.Write(AppendFrame(nil, reply)); err != nil {
			return o, err
		}
	}
}

// send writes a command, length and payload apart as Kong does.
func (c *Conn) send(command int, body []byte) error {
	c.sequence++
	call := bytesField(intField(nil, 1, c.sequence), protowire.Number(command), body)
	frame := AppendFrame(nil, call)
	if _, err := c.Write(frame[:4]); err != nil {
		return err
	}
	_, err := c.Write(frame[4:])
	return err
}

func (c *Conn) frame() ([]byte, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.Timeout)); err != nil {
		return nil, err
	}
	return ReadFrame(c.r)
}

// result reads an RpcReturn and checks its sequence.
func (c *Conn) result() ([]byte, error) {
	b, err := c.frame()
	if err != nil {
		return nil, err
	}
	sequence, _, err := field(b, 1)
	if err == nil && sequence != c.sequence {
		err = fmt.Errorf("answer to command %d, want %d", sequence, c.sequence)
	}
	return b, err
}

func (c *Conn) status() (int32, error) {
	b, err := c.result()
	if err != nil {
		return 0, err
	}
	_, status, err := field(b, 33)
	if err != nil {
		return 0, err
	}
	id, _, err := field(status, 2)
	return int32(id), err
}
