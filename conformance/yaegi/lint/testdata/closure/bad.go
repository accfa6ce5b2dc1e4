package sample

func later(names []string) (out []func() string) {
	for _, name := range names {
		out = append(out, func() string { return name }) // want
	}
	for i := 0; i < len(names); i++ {
		go func() {
			println(i) // want
		}()
	}
	return out
}
