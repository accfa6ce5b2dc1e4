package sample

func offer(q chan []byte, b byte) {
	select {
	case q <- []byte{b}: // want
	default:
	}
}
