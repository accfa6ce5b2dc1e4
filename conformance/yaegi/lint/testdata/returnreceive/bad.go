package sample

func wait(ch chan int) int {
	return <-ch // want
}
