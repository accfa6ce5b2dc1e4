package gen

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
)

// Address writes a dotted IPv4 address the way inet_aton, browsers and IPv6
// parsers also read it (RFC 3986 section 7.4, RFC 4291 section 2.2). Text that
// is no such address is returned as it is.
func Address(r *rand.Rand, s string) string {
	a, err := netip.ParseAddr(s)
	if err != nil || !a.Is4() {
		return s
	}
	q := a.As4()
	n := uint32(q[0])<<24 | uint32(q[1])<<16 | uint32(q[2])<<8 | uint32(q[3])
	switch r.IntN(15) {
	case 0:
		return fmt.Sprint(n)
	case 1:
		return fmt.Sprintf("0x%x", n)
	case 2:
		return fmt.Sprintf("0%o", n)
	case 3:
		return fmt.Sprintf("0x%x.0x%x.0x%x.0x%x", q[0], q[1], q[2], q[3])
	case 4:
		return fmt.Sprintf("0%o.0%o.0%o.0%o", q[0], q[1], q[2], q[3])
	case 5:
		return fmt.Sprintf("%04o.%04o.%04o.%04o", q[0], q[1], q[2], q[3])
	case 6:
		return fmt.Sprintf("%d.%d", q[0], n&0xffffff)
	case 7:
		return fmt.Sprintf("%d.%d.%d", q[0], q[1], n&0xffff)
	case 8:
		return fmt.Sprintf("[::ffff:%s]", s)
	case 9:
		return fmt.Sprintf("[::ffff:%x:%x]", n>>16, n&0xffff)
	case 10:
		return fmt.Sprintf("[0:0:0:0:0:ffff:%x:%x]", n>>16, n&0xffff)
	case 11:
		return fmt.Sprintf("0x%02X%02X%02X%02X", q[0], q[1], q[2], q[3])
	case 12:
		return fmt.Sprintf("0x%x.%d", q[0], n&0xffffff)
	case 13:
		return fmt.Sprintf("0%o.0x%x.%d.%d", q[0], q[1], q[2], q[3])
	}
	return fmt.Sprintf("[64:ff9b::%s]", s)
}
