package sample

func wait(ch chan int) int {
	v := <-ch
	return v
}
