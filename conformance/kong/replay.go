package kong

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// Step is one recorded command of Kong with its replies to PDK calls.
type Step struct {
	// Command is the RpcCall in hex.
	Command string `json:"command"`
	// Event says that it is an event of the access phase, or another one.
	Event bool `json:"event"`
	// Replies are in hex, by the name of the function.
	Replies map[string]string `json:"replies"`
}

// Replay plays the steps of a recorded connection to a plugin server. Kong's
// keys in a recorded configuration are kept, the user's replaced by config, and
// instance ids by those that the plugin gave.
func Replay(socket, config string, steps []Step) ([]*Outcome, error) {
	c, err := Dial(socket)
	if err != nil {
		return nil, err
	}
	defer func() { c.Close() }()
	ids := map[uint64]int32{}
	var outcomes []*Outcome
	for i := range steps {
		command, body, err := decodeCommand(steps[i].Command)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i, err)
		}
		seq, _, err := field(body, 1)
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i, err)
		}
		switch command {
		case cmdStart:
			seq, id, err := replayStart(c, config, body)
			if err != nil {
				return nil, fmt.Errorf("step %d: start: %w", i, err)
			}
			ids[seq] = id
		case cmdClose:
			if _, err := c.CloseInstance(ids[seq]); err != nil {
				return nil, fmt.Errorf("step %d: close: %w", i, err)
			}
		case cmdEvent:
			if _, ok := ids[seq]; !ok { // started by a recording before this one
				if ids[seq], err = c.Start("recorded", config); err != nil {
					return nil, fmt.Errorf("step %d: start: %w", i, err)
				}
			}
			o, err := c.Event(ids[seq], "access", &Request{Method: "GET", URI: "/", replies: steps[i].Replies})
			if err != nil {
				return nil, fmt.Errorf("step %d: %w", i, err)
			}
			outcomes = append(outcomes, o)
			if o.Exit {
				if c, err = Dial(socket); err != nil {
					return nil, err
				}
			}
		default:
			return nil, fmt.Errorf("step %d: command %d", i, command)
		}
	}
	return outcomes, nil
}

// decodeCommand returns the command of an RpcCall and its message.
func decodeCommand(text string) (command protowire.Number, body []byte, err error) {
	b, err := hex.DecodeString(text)
	if err != nil {
		return 0, nil, err
	}
	err = fields(b, func(id protowire.Number, _ uint64, v []byte) error {
		if id > 1 {
			command, body = id, v
		}
		return nil
	})
	return command, body, err
}

// replayStart starts an instance with the recorded keys of Kong.
func replayStart(c *Conn, config string, body []byte) (seq uint64, id int32, err error) {
	_, recorded, err := field(body, 2)
	if err != nil {
		return 0, 0, err
	}
	var old, own map[string]any
	if err := json.Unmarshal(recorded, &old); err != nil {
		return 0, 0, err
	}
	if err := json.Unmarshal([]byte(config), &own); err != nil {
		return 0, 0, err
	}
	for key, value := range old {
		if strings.HasPrefix(key, "__") || strings.HasSuffix(key, "_id") {
			own[key] = value
		}
	}
	merged, err := json.Marshal(own)
	if err != nil {
		return 0, 0, err
	}
	number, _ := old["__seq__"].(float64)
	id, err = c.Start("recorded", string(merged))
	return uint64(number), id, err
}
