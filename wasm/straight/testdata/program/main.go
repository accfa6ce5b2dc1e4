// Command program prints what a compiler of jumps can get wrong: loops of all
// kinds, goroutines that wait amid them, panics that are recovered, deep stacks.
package main

import (
	"errors"
	"fmt"
	"hash/crc32"
	"runtime"
	"sort"
	"strings"
	"sync"
)

func main() {
	fmt.Println(nested(40), labelled([][]int{{1, 2, 3}, {4, -5, 6}, {7}}), jumping(30))
	fmt.Println(chosen("one"), chosen("three"), chosen("many"), chosen(""))
	fmt.Println(waiting(), collatz(27), deep(20000), words("the quick  brown\tfox jumps over the lazy dog"))
	fmt.Println(recovered(func() { var p *int; *p++ }), recovered(func() { _ = []int{}[len(indexes)] }), recovered(func() { panic("oh") }))
	fmt.Println(deferred(), many(), sorted(500), bits(0xdeadbeefcafe), garbage(2000))
}

var indexes []int

func nested(n int) (sum int) {
	for i := range n {
		for j := i; j < n; j++ {
			if (i*j)%7 == 3 {
				continue
			}
			for k := j; k > 0; k /= 2 {
				sum += i ^ j ^ k
				if sum%11 == 0 {
					break
				}
			}
		}
	}
	return sum
}

func labelled(m [][]int) (sum int) {
outer:
	for i, row := range m {
		for _, v := range row {
			if v < 0 {
				continue outer
			}
			if sum > 100 {
				break outer
			}
			sum += v * (i + 1)
		}
	}
	return sum
}

func jumping(n int) (steps int) {
again:
	steps++
	if n%2 == 0 {
		n /= 2
		goto test
	}
	n = 3*n + 1
test:
	if n != 1 && steps < 1000 {
		goto again
	}
	return steps
}

func chosen(s string) string {
	switch {
	case s == "":
		return "nothing"
	case len(s) == 3:
		s += "!"
		fallthrough
	case len(s) == 5:
		return strings.ToUpper(s)
	}
	return s
}

// waiting has goroutines take turns, so that functions are left and entered
// again amid their loops.
func waiting() (sum int) {
	ping, pong := make(chan int), make(chan int)
	go func() {
		defer close(pong)
		for v := range ping {
			for i := range 3 {
				if i == v%3 {
					runtime.Gosched()
				}
				pong <- v * i
			}
		}
	}()
	go func() {
		for i := range 50 {
			ping <- i
		}
		close(ping)
	}()
	for v := range pong {
		for range v % 4 {
			runtime.Gosched()
			sum++
		}
		sum += v
	}
	return sum
}

func collatz(n int) (steps int) {
	for n != 1 {
		for n%2 == 0 {
			n /= 2
			steps++
		}
		if n == 1 {
			return steps
		}
		n, steps = 3*n+1, steps+1
	}
	return steps
}

func deep(n int) int {
	var pad [8]int
	if n == 0 {
		return 0
	}
	pad[n%8] = n % 3
	return deep(n-1) + pad[n%8]
}

func words(s string) (out []string) {
	for i := 0; i < len(s); {
		for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
			i++
		}
		start := i
		for i < len(s) && s[i] != ' ' && s[i] != '\t' {
			i++
		}
		if start < i {
			out = append(out, s[start:i])
		}
	}
	return out
}

func recovered(f func()) (err error) {
	defer func() {
		for i := range 3 {
			if r := recover(); r != nil {
				err = fmt.Errorf("%d: %v", i, r)
			}
		}
	}()
	f()
	return errors.New("no panic")
}

func deferred() (order []int) {
	func() {
		for i := range 5 {
			defer func() { order = append(order, i) }()
		}
	}()
	return order
}

func many() int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for i := range 100 {
		wg.Go(func() {
			for j := range i {
				mu.Lock()
				total += j
				mu.Unlock()
				if j%10 == 0 {
					runtime.Gosched()
				}
			}
		})
	}
	wg.Wait()
	return total
}

func sorted(n int) uint32 {
	list := make([]int, n)
	for i := range list {
		list[i] = i * 7919 % 1009
	}
	sort.Ints(list)
	return crc32.ChecksumIEEE([]byte(fmt.Sprint(list)))
}

func bits(v uint64) (n int) {
	for ; v != 0; v &= v - 1 {
		n++
	}
	return n
}

// garbage makes the collector run.
func garbage(n int) (total int) {
	m := map[string][]byte{}
	for i := range n {
		m[fmt.Sprint(i%97)] = make([]byte, 4096)
		total += len(m)
	}
	runtime.GC()
	return total
}
