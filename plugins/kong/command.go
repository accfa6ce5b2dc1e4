package kong

// The numbers of the commands in RpcCall.
const (
	cmdStart  = 33
	cmdStatus = 34
	cmdClose  = 35
	cmdEvent  = 36
)

// command is a decoded RpcCall.
type command struct {
	sequence uint64
	kind     int
	instance int32
	// text is the plugin's name in cmdStart, the phase in cmdEvent.
	text   string
	config string
}

// parseCommand decodes an RpcCall. Fields come in any order.
func parseCommand(m message) (c command, ok bool) {
	var body message
	for len(m) > 0 {
		f, rest, ok := m.next()
		if !ok {
			return c, false
		}
		if f.id == 1 {
			c.sequence = f.number
		} else if f.id > 30 && f.id < 40 && f.kind == kindBytes {
			c.kind, body = f.id, f.bytes
		}
		m = rest
	}
	for len(body) > 0 {
		f, rest, ok := body.next()
		if !ok {
			return c, false
		}
		if f.id == 1 && f.kind == kindVarint {
			c.instance = int32(f.number)
		} else if f.id == 1 {
			c.text = string(f.bytes)
		} else if f.id == 2 && c.kind == cmdStart {
			c.config = string(f.bytes)
		} else if f.id == 2 {
			c.text = string(f.bytes)
		}
		body = rest
	}
	return c, c.kind != 0
}

// appendStatus appends the frame of an RpcReturn with an InstanceStatus.
func appendStatus(dst []byte, sequence uint64, name string, instance int32, startedUnix int64) []byte {
	status := appendBytes(nil, 1, name)
	status = appendNumber(status, 2, uint64(uint32(instance)))
	status = appendNumber(status, 4, uint64(startedUnix))
	return appendFrame(dst, appendBytes(appendNumber(nil, 1, sequence), 33, status))
}

// appendDone appends the end of an event: an empty frame and the RpcReturn.
func appendDone(dst []byte, sequence uint64) []byte {
	var ret [11]byte
	return appendFrame(appendFrame(dst, ""), appendNumber(ret[:0], 1, sequence))
}
