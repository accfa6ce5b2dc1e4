package sample

func offer(q chan []byte, n chan int, b byte) {
	item := []byte{b}
	select {
	case q <- item:
	case n <- 1:
	default:
	}
}
